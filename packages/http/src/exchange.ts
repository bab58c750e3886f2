import {
  type IncomingWebhook,
  PocketPingError,
  unknownOptions,
  type VisitorActor,
  type WebhookResponse,
} from '@pocketping/core';
import { LIMITS } from '@pocketping/protocol';
import { announcesBody, parseBody, queryFields, requireJson } from './body.js';
import { bridgeRoutes } from './bridge-api/routes.js';
import { checkOptions, HTTP_OPTIONS } from './check-options.js';
import { addressKey } from './client-address.js';
import { bearerToken, createDoor, type Door } from './door.js';
import { failure, validationFailed } from './failure.js';
import { serveFile } from './files.js';
import type { Engine, HttpOptions } from './options.js';
import type { LimitName } from './rate-limits.js';
import type { Call, Route } from './route.js';
import { createRouter, type Match } from './router.js';
import { routes } from './routes.js';
import { EVENT_STREAM_HEADERS, resumeFrom, streamEvents } from './server-sent-events.js';
import { createSockets, type Sockets } from './socket.js';
import { createStreaming, type LiveStream, requireRoom, type Streaming } from './stream.js';
import type { TextSink, WireBody, WireHeaders, WireInput, WireOutput } from './wire.js';

/** The visitor protocol over HTTP, without a server: a request in, its answer out. Never rejects. */
export interface Exchange {
  (input: WireInput): Promise<WireOutput>;
  /** Whether a path is one of the protocol's, whatever the method. */
  serves(path: string): boolean;
  /** Decides about a WebSocket that wants in. */
  readonly upgrade: Sockets['upgrade'];
  /**
   * Ends what would go on: waiting polls are answered, streams and WebSockets ended. Requests that come later are
   * answered 503; those that are running finish.
   */
  close(): void;
}

/** @throws TypeError for options that make no sense. A name that is no option is a warning of the log. */
export function createExchange(engine: Engine, options: HttpOptions = {}): Exchange {
  checkOptions(options);
  for (const problem of unknownOptions(options, HTTP_OPTIONS)) engine.logger.warn({}, problem);
  const door = createDoor(engine, options);
  const match = createRouter(options.bridgeApi ? [...routes, ...bridgeRoutes] : routes);
  const streaming = createStreaming(engine, options);
  const sockets = createSockets(streaming, door, options);
  const streams = new Set<LiveStream>();
  const polls = new Set<AbortController>();
  const carriers = { streaming, polls };
  const { uploadMethod = 'PUT' } = options;
  let stopping = false;

  const exchange = async (input: WireInput): Promise<WireOutput> => {
    let headers = door.origins.closed;
    try {
      if (stopping)
        throw new PocketPingError('unavailable', 'This server is stopping.', { retryAfterMs: 1000 });
      headers = door.headersFor(input);
      const matched = match(input.path);
      if (!matched) throw new PocketPingError('not_found', 'There is no such route.');
      const route = matched.resource.methods[input.method];
      if (!route) return withoutRoute(input, matched, headers);
      const call = new RunningCall(engine, door, input, carriers, uploadMethod);
      try {
        const admitted = call.admit(route);
        if (admitted) await admitted;
        const body = isInBody(route, input.headers) ? await input.body(LIMITS.bodyBytes) : undefined;
        const reply = await route.answer(call, requestOf(route, matched, input, body));
        if ('follow' in reply) return stream(input, call, reply.follow, headers);
        if ('events' in reply) return serveEvents(input, reply.events, headers);
        if ('plain' in reply) return plain(reply.plain, headers);
        if ('file' in reply) return await serveFile(reply.file, input, headers);
        return {
          status: reply.status ?? 200,
          headers: jsonHeaders(headers),
          body: JSON.stringify(reply.json),
        };
      } finally {
        call.done();
      }
    } catch (error) {
      return failure(error, headers, engine, input);
    }
  };

  const stream = (
    input: WireInput,
    { actor }: RunningCall,
    query: Parameters<typeof resumeFrom>[0],
    headers: Readonly<Record<string, string>>,
  ): WireOutput => {
    if (String(input.headers.upgrade).toLowerCase() === 'websocket') {
      throw new PocketPingError(
        'upgrade_required',
        'There is no WebSocket here, or not yet: read the stream as server-sent events, or poll GET /events.',
      );
    }
    const output = { status: 200, headers: { ...headers, ...EVENT_STREAM_HEADERS }, body: '' };
    if (input.method === 'HEAD') return output;
    const follow = async (sink: TextSink): Promise<WireOutput | undefined> => {
      try {
        const reader = { actor: actor!, address: addressKey(door.addressOf(input)) };
        const live = await streamEvents(streaming, reader, resumeFrom(query, input.headers), sink);
        streams.add(live);
        sink.onGone(() => streams.delete(live));
        if (stopping) live.end('stopping');
        return undefined;
      } catch (error) {
        return failure(error, headers, engine, input);
      }
    };
    return { ...output, stream: follow };
  };

  const serveEvents = (
    input: WireInput,
    begin: (sink: TextSink, signal: AbortSignal) => Promise<void>,
    headers: Readonly<Record<string, string>>,
  ): WireOutput => {
    const output = { status: 200, headers: { ...headers, ...EVENT_STREAM_HEADERS }, body: '' };
    if (input.method === 'HEAD') return output;
    const stream = async (sink: TextSink): Promise<WireOutput | undefined> => {
      const over = new AbortController();
      polls.add(over);
      const end = () => {
        over.abort();
        polls.delete(over);
      };
      sink.onGone(end);
      if (stopping) over.abort();
      try {
        await begin(sink, over.signal);
        return undefined;
      } catch (error) {
        end();
        return failure(error, headers, engine, input);
      }
    };
    return { ...output, stream };
  };

  const withoutRoute = (input: WireInput, { resource }: Match, headers: Readonly<Record<string, string>>) =>
    input.method === 'OPTIONS'
      ? { status: 204, headers: preflightHeaders(resource.allow, headers), body: '' }
      : failure(
          new PocketPingError('method_not_allowed', `Allowed here: ${resource.allow}.`),
          { ...headers, allow: resource.allow },
          engine,
          input,
        );

  return Object.assign(exchange, {
    serves: (path: string) => match(path) !== undefined,
    upgrade: sockets.upgrade,
    close() {
      stopping = true;
      sockets.close();
      for (const live of streams) live.end('stopping');
      for (const controller of polls) controller.abort();
    },
  });
}

/** Whether a request's fields stand in its body. @throws PocketPingError `unsupported_media_type` for one that is not JSON. */
function isInBody({ reads }: Route, headers: WireHeaders): boolean {
  if (reads !== 'body' && !(reads === 'either' && announcesBody(headers))) return false;
  requireJson(headers);
  return true;
}

/** What the caller wants, as the route's schema has it. @throws PocketPingError `invalid_json`, `validation_failed` */
function requestOf(
  { reads, request }: Route,
  { fields }: Match,
  { headers, query }: WireInput,
  body: WireBody | undefined,
): unknown {
  if (!request) return undefined;
  const inQuery = reads === 'query' || reads === 'either' || reads === 'stream';
  const read = body !== undefined ? parseBody(body, headers) : inQuery ? queryFields(query) : undefined;
  const parsed = request.safeParse(fields ? { ...asObject(read), ...fields } : read);
  if (!parsed.success) throw validationFailed(parsed.error);
  return parsed.data;
}

const plain = (
  { status, headers, body = '' }: WebhookResponse,
  common: Readonly<Record<string, string>>,
): WireOutput => ({
  status,
  headers: { ...common, ...headers },
  body,
});

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** One request on its way through a route. */
class RunningCall implements Call {
  actor: VisitorActor | undefined;
  token: string | undefined;
  private stopWaiting: (() => void) | undefined;

  constructor(
    readonly engine: Engine,
    private readonly door: Door,
    private readonly input: WireInput,
    private readonly carriers: { readonly streaming: Streaming; readonly polls: Set<AbortController> },
    readonly uploadMethod: 'PUT' | 'POST',
  ) {}

  /** A promise only where somebody has to be waited for: most visitors are known, and a turn of the loop costs. */
  admit({ who, limit }: Route): Promise<void> | undefined {
    if (who === 'backend') {
      this.door.admitBackend(limit, this.input);
      return undefined;
    }
    if (who !== 'public') this.token = bearerToken(this.input.headers);
    if (who !== 'visitor' && this.token === undefined) {
      this.door.admitUnknown(limit, this.input);
      return undefined;
    }
    const actor = this.door.admit(this.token, limit, this.input);
    if (actor instanceof Promise) {
      return actor.then((found) => {
        this.actor = found;
      });
    }
    this.actor = actor;
    return undefined;
  }

  get bufferBytes(): number {
    return this.carriers.streaming.bufferBytes;
  }

  raw(maxBytes: number): IncomingWebhook {
    return { headers: this.input.headers, body: () => this.input.body(maxBytes) };
  }

  spend(limit: LimitName, cost: number): void {
    this.door.admitUnknown(limit, this.input, cost);
  }

  stream(maxBytes: number): ReadableStream<Uint8Array> {
    return this.input.stream(maxBytes);
  }

  address(): string | undefined {
    return this.door.knownAddressOf(this.input);
  }

  wait(): AbortSignal {
    const { streaming, polls } = this.carriers;
    const address = addressKey(this.door.addressOf(this.input));
    requireRoom(streaming, address);
    streaming.connections.enter(address);
    const controller = new AbortController();
    polls.add(controller);
    this.input.onGone(() => controller.abort());
    this.stopWaiting = () => {
      streaming.connections.leave(address);
      polls.delete(controller);
    };
    return controller.signal;
  }

  done(): void {
    this.stopWaiting?.();
  }
}

/** Most answers share one of a few sets of headers; each set is completed once. */
const completed = new WeakMap<object, Readonly<Record<string, string>>>();

function jsonHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let complete = completed.get(headers);
  if (!complete) {
    complete = { ...headers, 'content-type': 'application/json' };
    completed.set(headers, complete);
  }
  return complete;
}

/** https://fetch.spec.whatwg.org/#http-cors-protocol; also the answer to a plain `OPTIONS`. */
const preflightHeaders = (allow: string, headers: Readonly<Record<string, string>>) => ({
  ...headers,
  allow,
  ...(headers['access-control-allow-origin'] !== undefined && {
    'access-control-allow-methods': allow,
    'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
    'access-control-max-age': '86400',
  }),
});
