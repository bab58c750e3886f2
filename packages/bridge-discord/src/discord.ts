import { AsyncLocalStorage } from 'node:async_hooks';
import { BridgeError, type Instant, PocketPingError } from '@pocketping/core';
import { REST, type RESTOptions, RequestMethod, type RouteLike } from 'discord.js';
import { type FailedCall, toBridgeError } from './errors.js';
import { InvalidRequests } from './invalid-requests.js';
import { multipart, type Upload } from './multipart.js';
import type { Settings } from './settings.js';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RouteLike;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Goes along with the body, as its attachment 0. It is read to its end, or let go of. */
  readonly file?: Upload;
  /** What the address is about. */
  readonly at: FailedCall['at'];
}

/** The REST API, one request at a time: no retries, no waiting, and failures in the engine's words. */
export interface Discord {
  /**
   * A request that may be repeated without anybody noticing.
   * @throws BridgeError never `uncertain`
   */
  ask<T>(request: Request, signal: AbortSignal): Promise<T>;
  /**
   * A request whose effect people see.
   * @throws BridgeError
   */
  act<T>(request: Request, signal: AbortSignal): Promise<T>;
  /** The same way of making requests, for the client that holds the gateway. */
  readonly restOptions: Partial<RESTOptions>;
}

/** @param now the time by the clock that the engine goes by */
export const discord = (settings: Settings, now: () => Instant): Discord => {
  const { secret, kind } = settings;
  const restOptions = restOptionsFrom(settings, new InvalidRequests(now));
  const rest = new REST(restOptions);
  const headers = kind === 'webhook' ? {} : { Authorization: `Bot ${secret}` };
  const send = async <T>(request: Request, effect: boolean, signal: AbortSignal): Promise<T> => {
    const { method, path, query, body, at, file } = request;
    const form = file && multipart(body ?? {}, file);
    const journey: Journey = { left: false };
    try {
      if (signal.aborted) {
        throw new BridgeError('unavailable', 'Given up before anything was sent to Discord.');
      }
      return (await journeys.run(journey, () =>
        rest.request({
          method: RequestMethod[METHODS[method]],
          fullRoute: path,
          // The library forgets a token of its own at the first 401, and would never work again.
          auth: false,
          headers: { ...headers, ...form?.headers },
          // The library listens to it for ever.
          signal: AbortSignal.any([signal]),
          ...(query && { query: new URLSearchParams(query) }),
          ...(form ? { body: form.body, passThroughBody: true } : body && { body }),
        }),
      )) as T;
    } catch (error) {
      if (form?.failure) throw unreadable(form.failure.error);
      const what = `${method} ${path.replaceAll(secret, '<token>')}`;
      const sent = journey.left && (form?.whole ?? true);
      throw toBridgeError(error, { what, effect, sent, at, channelId: settings.chatId, secret });
    } finally {
      await form?.release();
    }
  };
  return {
    ask: (request, signal) => send(request, false, signal),
    act: (request, signal) => send(request, true, signal),
    restOptions,
  };
};

const METHODS = { GET: 'Get', POST: 'Post', PUT: 'Put', PATCH: 'Patch', DELETE: 'Delete' } as const;

/** Milliseconds until a request's headers have to be there, in case its signal never comes. */
const PATIENCE_MS = 60_000;

interface Journey {
  /** The request has begun to be sent. */
  left: boolean;
}

/** A file broke off, so that nothing came of the request; the store knows whether it is worth another attempt. */
const unreadable = (error: unknown): unknown =>
  PocketPingError.isInstance(error) || BridgeError.isInstance(error)
    ? error
    : new BridgeError('unavailable', 'The file could not be read.', { cause: error });

/** The library has requests to one route wait for each other; this tells which of them have left. */
const journeys = new AsyncLocalStorage<Journey>();

/**
 * The library waits for limits and repeats what failed; here the engine does that. So every wait is refused instead,
 * with the time that it would have taken, and nothing is sent while a limit is known to be used up.
 */
const restOptionsFrom = ({ apiRoot, fetch }: Settings, invalid: InvalidRequests): Partial<RESTOptions> => ({
  api: apiRoot,
  version: '10',
  retries: 0,
  rejectOnRateLimit: () => true,
  offset: 0,
  // The bridge's pacing says how much a bot may ask for; a limit here would not know of bots that may do more.
  globalRequestsPerSecond: Number.POSITIVE_INFINITY,
  timeout: PATIENCE_MS,
  makeRequest: async (url, init) => {
    const { blockedForMs: retryAfterMs } = invalid;
    if (retryAfterMs > 0) {
      throw new BridgeError(
        'rate_limited',
        'Discord refused so many requests that we stop before it bans this address. Look in the log for why they were refused.',
        { retryAfterMs, scope: 'bot' },
      );
    }
    const journey = journeys.getStore();
    if (journey) journey.left = true;
    const { body } = init;
    // The standard wants it said that a body which is being made is sent before there is an answer.
    const duplex = body instanceof ReadableStream ? { duplex: 'half' } : {};
    const response = await fetch(url, { ...init, ...duplex } as unknown as RequestInit);
    invalid.answered(response.status, response.headers.get('x-ratelimit-scope'));
    return response as unknown as Awaited<ReturnType<RESTOptions['makeRequest']>>;
  },
});
