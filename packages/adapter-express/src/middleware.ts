import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createHandler, type Engine, type Handler, type HandlerOptions } from '@pocketping/adapter-node';

/**
 * Express middleware, for Express 4 and 5: `app.use('/pocketping', pocketping(pp))`. Everything below a path is PocketPing's, 404 included; without
 * a path, what is none of its routes goes on to the rest of the app.
 */
export interface Middleware {
  (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  /**
   * Takes a server's requests for WebSockets below `path`, `/pocketping` by default. Without it that happens with the
   * first HTTP request that comes through the middleware; until then clients fall back to server-sent events.
   * @throws TypeError for what is no server, such as the app: pass what `app.listen()` returns
   */
  attach(server: HttpServer | HttpsServer, options?: { readonly path?: string }): () => void;
  /** Ends streams and WebSockets and lets running requests finish; see `Handler.close`. */
  readonly close: Handler['close'];
}

/** @throws TypeError for options that make no sense. */
export function pocketping(engine: Engine, options: Omit<HandlerOptions, 'path'> = {}): Middleware {
  // Express cuts the mount off `req.url`, so below it everything is ours.
  const handler = createHandler(engine, { ...options, path: '/' });
  const attached = new WeakMap<object, Set<string>>();

  const attach: Middleware['attach'] = (server, { path = '/pocketping' } = {}) => {
    const detach = handler.attach(server, { path });
    const paths = attached.get(server) ?? new Set();
    attached.set(server, paths.add(path.toLowerCase()));
    return () => {
      paths.delete(path.toLowerCase());
      detach();
    };
  };

  const middleware = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => {
    const server = serverOf(req);
    const path = (req as Mounted).baseUrl ?? '';
    // At the root of an app not everything is ours: its own routes may follow.
    if (path === '' && next && !handler.serves(req.url ?? '/')) return next();
    const paths = server && attached.get(server);
    if (server && !paths?.has(path.toLowerCase()) && (paths?.size ?? 0) < MOST_MOUNTS)
      attach(server, { path });
    handler.handle(req, res);
  };

  return Object.assign(middleware, { attach, close: handler.close });
}

/** Express compares paths without regard to case, and a mount may have parameters: a stranger could make ever more of them. */
const MOST_MOUNTS = 16;

/** What Express adds to a request: the mount it has cut off the URL. */
type Mounted = IncomingMessage & { readonly baseUrl?: string };

/** The server that a connection came in through, as `node:net` notes it on the connection. */
const serverOf = (req: IncomingMessage): HttpServer | undefined =>
  (req.socket as { server?: HttpServer }).server;
