import type { ErrorBody } from '@pocketping/protocol';
import { linkedController } from './clock.js';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';

const ANSWER_WITHIN_MS = 15_000;

/** A conversation this browser may speak in. */
export interface Session {
  readonly sessionId: string;
  readonly token: string;
}

/** Somebody who may not have a conversation, or a token, yet. */
export type Caller = { readonly [Field in keyof Session]?: Session[Field] | undefined };

export interface Api {
  /** The body gets the session's id, the request its token. With `keepalive` it goes even if the page does. */
  post<Answer>(
    path: string,
    body: object,
    caller?: Caller,
    signal?: AbortSignal,
    keepalive?: boolean,
  ): Promise<Answer>;
  /** The same for a query; the server may take `waitMs` longer than usual. */
  get<Answer>(path: string, query: object, caller?: Caller, waitMs?: number): Promise<Answer>;
}

/**
 * The visitor's routes. Every call rejects with a {@link PocketPingError}, also when no answer comes in time.
 *
 * @param life aborts every call.
 */
export function createApi(environment: Environment, endpoint: string, life: AbortSignal): Api {
  const call = async <Answer>(
    url: string,
    token: string | undefined,
    init: RequestInit,
    withinMs: number,
  ) => {
    const controller = linkedController([life, init.signal]);
    const cancelDeadline = environment.clock.after(withinMs, controller.abort);
    try {
      const response = await environment.fetch(endpoint + url, {
        ...init,
        headers: headers(token, init.body ? { 'content-type': 'application/json' } : {}),
        signal: controller.signal,
      });
      if (!response.ok) throw await refusal(response);
      return (await response.json()) as Answer;
    } catch (error) {
      throw asPocketPingError(error);
    } finally {
      cancelDeadline();
      controller.release();
    }
  };
  return {
    post: (path, body, { sessionId, token } = {}, signal = undefined, keepalive = false) =>
      call(
        path,
        token,
        { method: 'POST', body: JSON.stringify({ ...body, sessionId }), signal: signal ?? null, keepalive },
        ANSWER_WITHIN_MS,
      ),
    get: (path, query, { sessionId, token } = {}, waitMs = 0) =>
      call(
        `${path}?${new URLSearchParams({ sessionId: sessionId ?? '', ...query })}`,
        token,
        {},
        ANSWER_WITHIN_MS + waitMs,
      ),
  };
}

/** A request's headers, with the token where it belongs. */
export const headers = (token: string | undefined, others: Record<string, string>): Record<string, string> =>
  token ? { ...others, authorization: `Bearer ${token}` } : others;

/** The error that an answer which is not a success stands for. */
export async function refusal(response: Response): Promise<PocketPingError> {
  const { error } = ((await response.json().catch(() => undefined)) ?? {}) as Partial<ErrorBody>;
  const { status } = response;
  return new PocketPingError(
    error?.code ?? 'http_error',
    error?.message ?? `HTTP ${status}`,
    status,
    Math.min(Number(response.headers.get('retry-after')) || 0, 3600) * 1000,
  );
}
