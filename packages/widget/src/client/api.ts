import type {
  ChangeResponse,
  ConnectRequest,
  ConnectResponse,
  ErrorBody,
  EventsResponse,
  IdentifyRequest,
  MessageRequest,
  MessageResponse,
  MessagesResponse,
  ReadRequest,
  WirePresence,
} from '@pocketping/protocol';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';

const ANSWER_WITHIN_MS = 15_000;

export type Api = ReturnType<typeof createApi>;
/** Whose request it is, and until when it is of interest. */
export interface Caller {
  token?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** The visitor's routes. Every call rejects with a {@link PocketPingError}, also when no answer comes in time. */
export function createApi(environment: Environment, endpoint: string) {
  const call = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    { token, signal }: Caller,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<T> => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const cancelDeadline = environment.clock.after(withinMs, abort);
    try {
      const response = await environment.fetch(endpoint + path, {
        method,
        headers: headers(token, body !== undefined && 'application/json'),
        body: body === undefined ? null : JSON.stringify(body),
        signal: controller.signal,
      });
      if (!response.ok) throw await refusal(response, environment.clock.now());
      return (await response.json()) as T;
    } catch (error) {
      throw asPocketPingError(error);
    } finally {
      cancelDeadline();
      signal?.removeEventListener('abort', abort);
    }
  };
  const post =
    <Body, Answer>(path: string) =>
    (body: Body, caller: Caller) =>
      call<Answer>('POST', path, body, caller);

  return {
    connect: post<ConnectRequest, ConnectResponse>('/connect'),
    send: post<MessageRequest, MessageResponse>('/message'),
    edit: post<{ sessionId: string; messageId: string; content: string }, ChangeResponse>('/edit'),
    remove: post<{ sessionId: string; messageId: string }, ChangeResponse>('/delete'),
    read: post<Pick<ReadRequest, 'sessionId' | 'messageIds'>, unknown>('/read'),
    typing: post<{ sessionId: string; isTyping: boolean }, unknown>('/typing'),
    identify: post<IdentifyRequest, unknown>('/identify'),
    disconnect: post<{ sessionId: string }, unknown>('/disconnect'),
    presence: (caller: Caller) => call<WirePresence>('GET', '/presence', undefined, caller),
    messagesBefore: (sessionId: string, before: string, caller: Caller) =>
      call<MessagesResponse>('GET', `/messages?${new URLSearchParams({ sessionId, before })}`, undefined, caller),
    /** Waits on the server for up to `waitSeconds`. */
    events: (sessionId: string, after: number, waitSeconds: number, caller: Caller) =>
      call<EventsResponse>(
        'GET',
        `/events?${new URLSearchParams({ sessionId, after: `${after}`, wait: `${waitSeconds}` })}`,
        undefined,
        caller,
        ANSWER_WITHIN_MS + waitSeconds * 1000,
      ),
  };
}

/** The headers of a request; `contentType` only where there is a body. */
export const headers = (token: string | undefined, contentType: string | false): Record<string, string> => ({
  ...(token && { authorization: `Bearer ${token}` }),
  ...(contentType && { 'content-type': contentType }),
});

/** The error that an answer which is not a success stands for. */
export async function refusal(response: Response, now: number): Promise<PocketPingError> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  return new PocketPingError(
    body?.error?.code ?? 'http_error',
    body?.error?.message ?? `The server answered ${response.status}.`,
    response.status,
    retryAfterMs(response.headers.get('retry-after'), now),
  );
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as milliseconds from now. */
function retryAfterMs(header: string | null, now: number): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : 0;
}
