import { PocketPingError } from '@pocketping/core';

/** What the catch-all of the route's folder has caught, whatever it is called. */
export const segmentsOf = (params: object): readonly string[] =>
  Object.values(params).find((value): value is string[] => Array.isArray(value)) ?? [];

/**
 * The error for a route whose folder catches one segment where it has to catch them all: of such a route hardly a path is found, and
 * nothing else would say why. https://nextjs.org/docs/app/api-reference/file-conventions/dynamic-routes#catch-all-segments
 */
export function notCatchAll(params: object, request: Request): PocketPingError | undefined {
  const entries = Object.entries(params);
  if (entries.some(([, value]) => Array.isArray(value))) return undefined;
  const last = new URL(request.url).pathname.replace(/\/$/, '').split('/').at(-1);
  const [name] = entries.find(([, value]) => value === last || encodeURIComponent(`${value}`) === last) ?? [];
  if (name === undefined) return undefined;
  return new PocketPingError(
    'not_found',
    `PocketPing's route lies in a folder [${name}], which catches one segment of a path. Rename it to [...${name}].`,
  );
}

/**
 * Next hands a route that it renders once and for all a stand-in for the request, which is the same for everybody.
 * @throws TypeError for such a route. No answer: it would be kept, and given to others.
 */
export function requireDynamic(request: Request): void {
  if (!isStandIn(request)) return;
  throw new TypeError(
    "PocketPing answers each request anew, and its route is rendered statically. Remove `export const dynamic = 'force-static'` (or 'error') " +
      'from its route.ts, or from the layout above it.',
  );
}

/** It has no headers, and takes none: a request that came from anywhere has one at least (`Host`). Newer releases of Node do not let it be read at all. */
function isStandIn(request: Request): boolean {
  try {
    if (request.signal && !request.headers.entries().next().done) return false;
    request.headers.delete('x-pocketping');
    return false;
  } catch {
    return true;
  }
}
