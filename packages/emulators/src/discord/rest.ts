import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../telegram/clock.js';
import { type FaultKind, type Faults, kindsOf } from '../telegram/faults.js';
import { sendReply } from '../telegram/over-http.js';
import type { Reply } from '../telegram/reply.js';
import { undergo } from '../telegram/undergo.js';
import { bodyOf, type RequestBody } from './body.js';
import { CDN_ROUTE } from './cdn.js';
import { unauthorized } from './errors.js';
import type { RateLimiter } from './limits.js';
import { answered, refused, tooMany, wording } from './reply.js';
import { type Found, routeFor } from './routes/index.js';
import type { RouteContext } from './routes/route.js';

/** A request that reached the API. */
export interface DiscordCall {
  /** The route as it is documented, such as `POST /channels/{channel}/messages`; as sent if there is no such route. */
  readonly route: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The files that came along. */
  readonly files: readonly { readonly name: string; readonly type: string; readonly size: number }[];
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The faults that struck it, if any. */
  readonly faults: readonly FaultKind[];
}

export interface RestDependencies {
  readonly context: Omit<RouteContext, 'gatewayUrl'>;
  readonly botToken: string;
  readonly faults: Faults;
  readonly limiter: RateLimiter | undefined;
  readonly called: (call: DiscordCall) => void;
  /** Resolves when what a call has changed is in the file; absent where nothing is kept. */
  readonly written: (() => Promise<void>) | undefined;
  readonly clock: Clock;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * Answers `/api/v10/…`.
 * @returns false if the address is none of the API's
 */
export const serveRest = (
  rest: RestDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean => {
  const [, path] = /^\/api(?:\/v\d+)?(\/.*)$/.exec(url.pathname) ?? [];
  if (path === undefined) return false;
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const signal = AbortSignal.any([hangUp.signal, rest.closing]);
  void answer(rest, request, path, url.searchParams, signal).then((reply) =>
    sendReply(rest.clock, response, reply, signal),
  );
  return true;
};

const answer = async (
  rest: RestDependencies,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Reply> => {
  try {
    const { body, files } = await bodyOf(request);
    const { found, why } = lookUp(request.method ?? 'GET', path);
    const route = found?.route.name ?? `${request.method} ${path}`;
    const fault = rest.faults.take(route);
    rest.called({
      route,
      path,
      body,
      files: files.map(({ name, type = '', bytes }) => ({ name, type, size: bytes.length })),
      at: rest.clock.now(),
      faults: fault ? kindsOf(fault) : [],
    });
    if (!found) return refused(why);
    const run = async () => {
      const reply = invoke(rest, request, found, { query, body, files });
      await rest.written?.();
      return reply;
    };
    return await undergo(fault, run, rest.clock, signal, wording);
  } catch (error) {
    return refused(error);
  }
};

const lookUp = (method: string, path: string): { found?: Found; why?: unknown } => {
  try {
    return { found: routeFor(method, path) };
  } catch (why) {
    return { why };
  }
};

const invoke = (
  rest: RestDependencies,
  request: IncomingMessage,
  { route, at }: Found,
  input: RequestBody & { query: URLSearchParams },
): Reply => {
  const admission = rest.limiter?.admit(route.name, at.channel ?? at.webhook ?? at.guild ?? '');
  if (admission && admission.waitMs > 0) return tooMany(admission);
  try {
    if (!route.open && request.headers.authorization !== `Bot ${rest.botToken}`) throw unauthorized();
    const gatewayUrl = `ws://${request.headers.host}/gateway`;
    return answered(route.run({ ...rest.context, gatewayUrl }, { at, ...input }), admission?.headers);
  } catch (error) {
    return refused(error, admission?.headers);
  }
};

/**
 * Answers `/attachments/…`, where files are.
 * @returns false if the address is none of these
 */
export const serveFile = (
  rest: RestDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean => {
  const [, messageChannel, id] = /^\/attachments\/(\d+)\/(\d+)\/[^/]+$/.exec(url.pathname) ?? [];
  if (messageChannel === undefined || id === undefined || request.method !== 'GET') return false;
  const { guild } = rest.context;
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const signal = AbortSignal.any([hangUp.signal, rest.closing]);
  const fault = rest.faults.take(CDN_ROUTE);
  const faults = fault ? kindsOf(fault) : [];
  rest.called({ route: CDN_ROUTE, path: url.pathname, body: {}, files: [], at: rest.clock.now(), faults });
  const run = async () => guild.cdn.answer(url, guild.attachment(messageChannel, id));
  void undergo(fault, run, rest.clock, signal, wording).then((reply) =>
    sendReply(rest.clock, response, reply, signal),
  );
  return true;
};
