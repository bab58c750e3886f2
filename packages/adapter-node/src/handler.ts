import { type Server as HttpServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createExchange, type Engine, HTTP_OPTIONS, type HttpOptions } from '@pocketping/http';
import { LIMITS } from '@pocketping/protocol';
import { isLeftUnread, type ParsedRequest } from './body.js';
import { below, normalMount } from './mount.js';
import { NodeInput } from './request.js';
import { ResponseSink, send, sendAndHangUp, sendBytes, whenOver } from './response.js';
import { type Answering, Running } from './running.js';
import { createNodeSockets, refuse } from './socket.js';

export interface HandlerOptions extends HttpOptions {
  /** Where the protocol is mounted; `/pocketping` by default, `/` where a framework has cut the mount off already. */
  readonly path?: string;
  /** Milliseconds that `close` gives running requests; 10,000 by default. */
  readonly closeWithinMs?: number;
}

type Own = Exclude<keyof HandlerOptions, keyof HttpOptions>;
const OWN: Readonly<Record<Own, true>> = { path: true, closeWithinMs: true };

/** The names of all of them. */
export const HANDLER_OPTIONS: readonly string[] = [...HTTP_OPTIONS, ...Object.keys(OWN)];

export interface Handler {
  /**
   * Serves a request, for `http.createServer` or as a middleware. What is not below the mount goes to `next`, and is
   * answered 404 without one.
   */
  handle(req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;
  /** The same for a framework that has found the route already: `target` is what lies below the mount, query included. */
  serve(req: IncomingMessage, res: ServerResponse, target: string): void;
  /** Whether a target below the mount is one of the protocol's paths. */
  serves(target: string): boolean;
  /** Takes a request for a WebSocket. @returns false, having touched nothing, when it is for somebody else. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /**
   * Takes a server's requests for WebSockets below the mount; others stay with its other `upgrade` listeners, and are
   * refused if there are none.
   * @returns a function that lets go of the server again.
   * @throws TypeError for what is no server, such as an app of Express
   */
  attach(server: HttpServer | HttpsServer, options?: { readonly path?: string }): () => void;
  /**
   * Stops: waiting polls are answered, streams and WebSockets ended (1001), running requests finish, new ones get
   * 503. Resolves when all that is done; what is not after `closeWithinMs` is cut off. The server itself is its owner's to close.
   */
  close(): Promise<void>;
}

/**
 * PocketPing on `node:http`.
 * @throws TypeError for options that make no sense.
 */
export function createHandler(
  engine: Engine,
  { path: mounted = '/pocketping', closeWithinMs = 10_000, ...options }: HandlerOptions = {},
): Handler {
  const mount = normalMount(mounted);
  const exchange = createExchange(engine, options);
  const sockets = createNodeSockets(exchange, engine);
  const running = new Running();
  const hangingUp = new Set<ServerResponse>();
  let closed: Promise<void> | undefined;
  let whenIdle: (() => void) | undefined;

  const forget = (answering: Answering) => {
    running.remove(answering);
    if (running.size === 0) whenIdle?.();
  };

  const answer = async (req: ParsedRequest, res: ServerResponse, target: string) => {
    const answering = running.add(res);
    try {
      let output = await exchange(new NodeInput(req, res, target));
      if (output.stream) {
        const refusal = await output.stream(new ResponseSink(res, output, engine.clock));
        if (!refusal) {
          if (!res.destroyed) res.once('close', () => forget(answering));
          else forget(answering);
          return;
        }
        output = refusal;
        if (res.headersSent) res.destroy();
      }
      if (output.bytes) {
        await sendBytes(res, output, output.bytes as ReadableStream<Uint8Array>, closed !== undefined);
      } else if (isLeftUnread(req, LIMITS.bodyBytes)) {
        hangingUp.add(res);
        whenOver(res, () => hangingUp.delete(res));
        sendAndHangUp(res, output, engine.clock);
      } else {
        send(res, output, closed !== undefined);
      }
    } catch (error) {
      engine.logger.error({ err: error }, 'An answer could not be sent.');
      res.destroy();
    }
    forget(answering);
  };

  const upgradeBelow = (prefix: string, req: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const target = below(prefix, req.url ?? '/');
    if (target === undefined) return false;
    const [path, query = ''] = target.split('?', 2) as [string, string?];
    if (path !== '/stream' && path !== '/stream/') return false;
    sockets.upgrade(req, socket, head, query);
    return true;
  };

  const drain = async () => {
    exchange.close();
    for (const res of hangingUp) res.destroy();
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve;
      if (running.size === 0) resolve();
    });
    const patience = new AbortController();
    const outOfTime = engine.clock.sleep(closeWithinMs, patience.signal);
    await Promise.race([Promise.all([idle, sockets.gone()]), outOfTime]);
    patience.abort();
    sockets.cut();
    for (const res of [...running.responses(), ...hangingUp]) res.destroy();
  };

  return {
    handle(req, res, next) {
      const target = below(mount, req.url ?? '/');
      if (target === undefined && next) next();
      else void answer(req, res, target ?? '');
    },
    serve: (req, res, target) => void answer(req, res, target),
    serves: (target) => exchange.serves(target.split('?', 1)[0] as string),
    upgrade: (req, socket, head) => upgradeBelow(mount, req, socket, head),
    attach(server, { path } = {}) {
      requireServer(server);
      const prefix = path === undefined ? mount : normalMount(path);
      const listener = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (isWebSocket(req) && upgradeBelow(prefix, req, socket, head)) return;
        if (server.listenerCount('upgrade') > 1) return;
        // Node has let go of the connection: a reset would end the process.
        socket.on('error', ignore);
        if (isWebSocket(req)) refuse(socket, NOT_FOUND);
        else serveAnyway(server, req, socket);
      };
      server.on('upgrade', listener);
      return () => server.off('upgrade', listener);
    },
    close() {
      closed ??= drain();
      return closed;
    },
  };
}

/** An app of Express has events, too, but is nowhere: it would be taken, and never hear of a WebSocket. */
const requireServer = (server: unknown): void => {
  const { on, listenerCount, address } = (server ?? {}) as Partial<HttpServer>;
  if ([on, listenerCount, address].every((method) => typeof method === 'function')) return;
  const given = server === null ? 'null' : typeof server;
  throw new TypeError(
    `attach: pass what app.listen() returns, or http.createServer(), not ${NO_SERVER[given] ?? given}.`,
  );
};

const NO_SERVER: Readonly<Record<string, string>> = {
  function: 'a function, as the app is',
  object: 'an object that is no server',
};

const isWebSocket = (req: IncomingMessage): boolean => req.headers.upgrade?.toLowerCase() === 'websocket';

/**
 * A server may ignore an offer to upgrade (RFC 9110 §7.8), and Node does as long as nobody listens for WebSockets. Some
 * clients offer h2c with every request; they get their answer as before, and the connection ends with it.
 */
const serveAnyway = (server: HttpServer | HttpsServer, req: IncomingMessage, socket: Duplex): void => {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  try {
    res.assignSocket(socket as Socket);
  } catch {
    // A request before this one, on the same connection, has not been answered yet.
    socket.destroy();
    return;
  }
  res.once('finish', () => socket.end());
  server.emit('request', req, res);
};

const ignore = () => {};

const NOT_FOUND = { status: 404, headers: {}, body: '' };
