import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createHandler, type Engine, type Handler, type HandlerOptions } from '@pocketping/adapter-node';
import { below, isLiteral } from './prefix.js';
import { warnOfLostOptions, whyNotHere } from './registration.js';

/** A plugin for Fastify 5: `app.register(pocketping(pp), { prefix: '/pocketping' })`. */
export interface FastifyPlugin {
  /**
   * For Fastify to call, with the instance that it made for this plugin. Of the options it heeds Fastify's own (`prefix`); of others the
   * log warns. An older Fastify, or what is none, gets an error that says what to install.
   */
  (instance: { readonly prefix: string }, options: object, done: (error?: Error) => void): void;
  /**
   * Ends streams and WebSockets and lets running requests finish, wherever it is registered; see `Handler.close`. `app.close()` does so
   * by itself for that app.
   */
  readonly close: Handler['close'];
}

/**
 * What the plugin uses of a `FastifyInstance`, so that Fastify's types need not be there.
 * https://fastify.dev/docs/latest/Reference/Server/
 */
interface Scope {
  readonly prefix: string;
  readonly server: HttpServer;
  all(
    path: string,
    options: { readonly config: object },
    handler: (request: Requested, reply: Replying) => void,
  ): unknown;
  addHook(name: 'onRequest', hook: (request: Requested, reply: Replying, done: () => void) => void): unknown;
  addHook(name: 'preClose', hook: () => Promise<void>): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    types: readonly string[],
    parser: (
      request: Requested,
      payload: IncomingMessage,
      done: (error: null, body?: unknown) => void,
    ) => void,
  ): unknown;
  setErrorHandler(
    handler: (error: Error & { code?: string }, request: Requested, reply: Replying) => void,
  ): unknown;
}

interface Requested {
  readonly raw: IncomingMessage;
}

interface Replying {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** @throws TypeError for options that make no sense. */
export function pocketping(engine: Engine, options: Omit<HandlerOptions, 'path'> = {}): FastifyPlugin {
  const create = () => createHandler(engine, { ...options, path: '/' });
  // Made here so that this is where options are refused. Each registration has one of its own: it ends with its app.
  let unused: Handler | undefined = create();
  const handlers = new Set([unused]);
  let closed: Promise<void> | undefined;

  const plugin = (
    instance: { readonly prefix: string },
    given: object,
    done?: (error?: Error) => void,
  ): void => {
    const unfit = whyNotHere(instance);
    if (unfit) {
      // A server that knows no `done` had better hear of it at all.
      if (typeof done !== 'function') throw unfit;
      done(unfit);
      return;
    }
    warnOfLostOptions(given, engine.logger);
    const handler = unused ?? create();
    unused = undefined;
    handlers.add(handler);
    if (closed) void handler.close();
    const scope = instance as Scope;
    const { prefix } = scope;
    const target = below(prefix);
    const serve = (request: Requested, reply: Replying) => {
      // From here on the answer is ours: no hook of the app changes or delays it.
      reply.hijack();
      handler.serve(request.raw, reply.raw, target(request.raw.url ?? '/'));
    };

    // Bodies come to us as they are; how much of one is read, the protocol decides. The app's own parsers stay the app's.
    scope.removeAllContentTypeParsers();
    // JSON by its name as well: what only `*` takes, Fastify looks up anew each time.
    scope.addContentTypeParser(['application/json', '*'], (_request, _payload, parsed) => parsed(null));
    // The one check that Fastify makes before it asks for a parser, and that has an answer of ours.
    scope.setErrorHandler((error, request, reply) => {
      if (error.code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') throw error;
      serve(request, reply);
    });

    if (isLiteral(prefix)) {
      const detach = handler.attach(scope.server, { path: encodeURI(prefix) });
      // @fastify/websocket sends every upgrade through the routes as well, and would accept ours in their place.
      scope.addHook('onRequest', ({ raw }, reply, next) => {
        if (!isWebSocket(raw)) return next();
        reply.hijack();
        if (!isStream(target(raw.url ?? '/'))) handler.serve(raw, reply.raw, '/');
      });
      // What such a hook resolves to, Fastify takes for an error.
      scope.addHook('preClose', async () => void detach());
    }
    scope.all('/', OF_OURS, serve);
    scope.all('/*', OF_OURS, serve);
    // Before the server closes: it waits for every connection, and a stream has no end of its own.
    scope.addHook('preClose', () => {
      handlers.delete(handler);
      return handler.close();
    });
    done?.();
  };

  const close = (): Promise<void> => {
    closed ??= Promise.all([...handlers].map((handler) => handler.close())).then(() => {});
    return closed;
  };
  return Object.assign(plugin, { close });
}

/**
 * Who may ask across origins, and with which methods, the plugin says itself: its hook would answer preflights before we see them.
 * https://github.com/fastify/fastify-cors#route-level-overrides
 */
const OF_OURS = { config: { cors: false } };

/** What Node hands to the `upgrade` listeners: with one header of the two it is a request like any other (RFC 9110 §7.8). */
const isWebSocket = ({ headers: { upgrade, connection = '' } }: IncomingMessage): boolean =>
  upgrade?.toLowerCase() === 'websocket' && /(^|,)\s*upgrade\s*(,|$)/i.test(connection);

/** Where the server's own listener takes a WebSocket. Any other place is a 404, whatever is there for HTTP: hooks of the app come later. */
const isStream = (target: string): boolean => /^\/stream\/?(\?|$)/.test(target);
