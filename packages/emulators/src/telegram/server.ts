import type { Said } from './body.js';
import type { Clock } from './clock.js';
import { notFound, unauthorized } from './errors.js';
import { type FaultKind, type Faults, kindsOf } from './faults.js';
import type { RateLimiter } from './limits.js';
import { methodNamed } from './methods/index.js';
import type { MethodContext } from './methods/method.js';
import { type Params, text } from './params.js';
import { type Reply, refusal, result } from './reply.js';
import { undergo } from './undergo.js';
import { DOWNLOAD_LIMIT } from './uploads.js';

/** A call that reached the API, with the parameters as the client sent them. */
export interface TelegramCall {
  /** In the documented spelling; as sent if there is no such method; `download` where a file was fetched. */
  readonly method: string;
  /** Without the bytes of files. */
  readonly params: Params;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The fault that struck it, if any; the first of several that struck together. */
  readonly fault?: FaultKind;
  /** All that struck together. */
  readonly faults?: readonly FaultKind[];
}

export interface ApiDependencies {
  readonly context: Omit<MethodContext, 'signal' | 'uploads'>;
  readonly faults: Faults;
  /** The platform's own limits, if they are enforced. */
  readonly limiter: RateLimiter | undefined;
  readonly called: (call: TelegramCall) => void;
  /** Resolves when what a call has changed is in the file; absent where nothing is kept. */
  readonly written: (() => Promise<void>) | undefined;
  readonly clock: Clock;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/** What a request to the API asks for, whatever carried it. */
export interface ApiRequest {
  readonly token: string;
  readonly method: string;
  /** @throws ApiError for a body that cannot be read */
  readonly said: () => Promise<Said>;
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
    const said = await request.said();
    const method = methodNamed(request.method)?.name ?? request.method;
    return await struck(api, method, said.params, () => invoke(api, request, said), request.signal);
  } catch (error) {
    return refusal(error);
  }
}

/** The token and the path of a file that an address names. @see https://core.telegram.org/bots/api#getfile */
export function downloaded(url: URL): { readonly token: string; readonly path: string } | undefined {
  const [, token, path] = /^\/file\/bot([^/]+)\/(?:test\/)?(.+)$/.exec(url.pathname) ?? [];
  return token === undefined || path === undefined
    ? undefined
    : { token: decodeURIComponent(token), path: decodeURIComponent(path) };
}

/** Answers a download, or as the fault demands that strikes `download`. Never rejects. */
export function answerDownload(
  api: ApiDependencies,
  { token, path }: NonNullable<ReturnType<typeof downloaded>>,
  signal: AbortSignal,
): Promise<Reply> {
  const bytes = async (): Promise<Reply> => {
    try {
      requireToken(api, token);
      const { files } = api.context.rooms;
      const file = files.at(path);
      if (!file || file.size > DOWNLOAD_LIMIT) throw notFound();
      const type = 'application/octet-stream';
      return { end: 'answer', status: 200, type, body: new Uint8Array(files.read(file)) };
    } catch (error) {
      return refusal(error);
    }
  };
  return struck(api, 'download', { path }, bytes, signal);
}

/** Does what a call asks for, under the fault that strikes it. */
function struck(
  { faults, called, clock, written }: ApiDependencies,
  method: string,
  params: Params,
  call: () => Promise<Reply>,
  signal: AbortSignal,
): Promise<Reply> {
  const fault = faults.take(method);
  const kinds = fault && kindsOf(fault);
  called({ method, params, at: clock.now(), ...(kinds?.[0] ? { fault: kinds[0], faults: kinds } : {}) });
  const run = async () => {
    const reply = await call();
    await written?.();
    return reply;
  };
  return undergo(fault, run, clock, signal);
}

function requireToken({ context }: ApiDependencies, token: string): void {
  if (token !== context.state.botToken) throw /^\d+:/.test(token) ? unauthorized() : notFound();
}

async function invoke(api: ApiDependencies, request: ApiRequest, { params, uploads }: Said): Promise<Reply> {
  const { context, limiter } = api;
  try {
    requireToken(api, request.token);
    const found = methodNamed(request.method);
    if (!found) throw notFound();
    limiter?.admit(found.name, context.rooms.get(text(params, 'chat_id') ?? '')?.chat);
    return result(await found.method({ ...context, uploads, signal: request.signal }, params));
  } catch (error) {
    return refusal(error);
  }
}
