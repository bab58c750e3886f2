import type { Send } from './visitor.js';

type Handler = (request: Request, context: { readonly params: Promise<object> }) => Promise<Response>;

/** Where the route lies, as a file `app/api/pocketping/[...path]/route.ts`. */
const MOUNT = '/api/pocketping/';

/** What a route's module exports, called as Next calls it. */
export const routeOf =
  (exported: { readonly [method: string]: unknown }): Send =>
  async (url, init) => {
    const request = new Request(url, init);
    const handler = exported[request.method] as Handler | undefined;
    if (!handler) return new Response(null, { status: 405 });
    const path = new URL(url).pathname.slice(MOUNT.length).split('/').map(decodeURIComponent);
    return handler(request, { params: Promise.resolve({ path }) });
  };
