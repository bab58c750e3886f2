import type { RequestListener } from 'node:http';
import next from 'next';
import { NEXT_APP } from './next-build.js';

/** What a `route.js` exports for a method. */
export type RouteHandler = (
  request: Request,
  context: { readonly params: Promise<object> },
) => Promise<Response>;

/** The app's route calls what lies here. */
const ROUTE = Symbol.for('measured route');

let prepared: Promise<RequestListener> | undefined;

/**
 * Next's own server, as `next build` has made the app, in this process: there is one, and its route is `handler` from now on.
 * Whoever imports this module has Next put itself before `Math.random`, `Date` and more of the process, which no other floor may pay for.
 */
export function servedByNext(handler: RouteHandler): Promise<RequestListener> {
  (globalThis as { [ROUTE]?: RouteHandler })[ROUTE] = handler;
  prepared ??= prepare();
  return prepared;
}

async function prepare(): Promise<RequestListener> {
  const app = next({ dev: false, dir: NEXT_APP, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return (req, res) => void handle(req, res);
}
