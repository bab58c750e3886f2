import type { Clock } from './clock.js';
import { notFound, unauthorized } from './errors.js';
import { type FaultKind, type Faults, kindsOf } from './faults.js';
import type { RateLimiter } from './limits.js';
import { methodNamed } from './methods/index.js';
import type { MethodContext } from './methods/method.js';
import { type Params, text } from './params.js';
import { type Reply, refusal, result } from './reply.js';
import { undergo } from './undergo.js';

/** A call that reached the API, with the parameters as the client sent them. */
export interface TelegramCall {
  /** In the documented spelling; as sent if there is no such method. */
  readonly method: string;
  readonly params: Params;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The fault that struck it, if any; the first of several that struck together. */
  readonly fault?: FaultKind;
  /** All that struck together. */
  readonly faults?: readonly FaultKind[];
}

export interface ApiDependencies {
  readonly context: Omit<MethodContext, 'signal'>;
  readonly faults: Faults;
  /** The platform's own limits, if they are enforced. */
  readonly limiter: RateLimiter | undefined;
  readonly called: (call: TelegramCall) => void;
  readonly clock: Clock;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/** What a request to the API asks for, whatever carried it. */
export interface ApiRequest {
  readonly token: string;
  readonly method: string;
  /** @throws ApiError for a body that cannot be read */
  readonly params: () => Promise<Params>;
  /** Aborted when the client hangs up or the emulator closes. */
  readonly signal: AbortSignal;
}

/** The token and the method that an address names, or undefined if it is none of the API's. */
export function addressed(url: URL): Pick<ApiRequest, 'token' | 'method'> | undefined {
  const [, token, method] = /^\/bot([^/]+)\/(?:test\/)?([^/]+)$/.exec(url.pathname) ?? [];
  return token === undefined || method === undefined
    ? undefined
    : { token: decodeURIComponent(token), method };
}

/** Answers a call as the Bot API server does, or as the fault that strikes it demands. Never rejects. */
export async function answer(api: ApiDependencies, request: ApiRequest): Promise<Reply> {
  try {
    const params = await request.params();
    const method = methodNamed(request.method)?.name ?? request.method;
    const fault = api.faults.take(method);
    const kinds = fault && kindsOf(fault);
    const struck = kinds?.[0] ? { fault: kinds[0], faults: kinds } : {};
    api.called({ method, params, at: api.clock.now(), ...struck });
    return await undergo(fault, () => invoke(api, request, params), api.clock, request.signal);
  } catch (error) {
    return refusal(error);
  }
}

async function invoke(api: ApiDependencies, request: ApiRequest, params: Params): Promise<Reply> {
  const { context, limiter } = api;
  try {
    if (request.token !== context.state.botToken)
      throw /^\d+:/.test(request.token) ? unauthorized() : notFound();
    const found = methodNamed(request.method);
    if (!found) throw notFound();
    limiter?.admit(found.name, context.rooms.get(text(params, 'chat_id') ?? '')?.chat);
    return result(await found.method({ ...context, signal: request.signal }, params));
  } catch (error) {
    return refusal(error);
  }
}
