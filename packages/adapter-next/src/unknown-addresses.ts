import { DEFAULT_RATE_LIMITS, type HttpOptions, type LimitName } from '@pocketping/http';
import type { NextEngine } from './handler.js';

/** The limits that count by address where no visitor is proven. */
const BY_ADDRESS: readonly LimitName[] = [
  'connect',
  'uploadedBytes',
  'public',
  'webhook',
  'backend',
  'refused',
  'address',
];

/** How many addresses' worth a site has where they cannot be told apart. */
const SITE_WIDE = 20;

/**
 * The options of a route that sees no address: as long as nobody says that `X-Forwarded-For` can be believed, all visitors are one.
 *
 * Next writes that header itself where a request has none, with the address of the connection, and passes on what a request has. So without a
 * proxy it says whatever a client likes, and to count by it would leave a program without any limit. Counted together, a few dozen visitors
 * a minute would lock out all others: hence limits that a site hardly reaches. They still keep a flood from filling the storage; who
 * floods can keep new visitors out as long as it lasts, and that only a believed address prevents. Limits that the app sets stay as they are.
 */
export function siteWide(options: HttpOptions): HttpOptions {
  const { trustProxy = [], rateLimits = {}, streams = {} } = options;
  // What is no set of limits is refused as it is.
  if (trustProxy.length > 0 || !isObject(streams)) return options;
  // As many as there may be at all.
  const perAddress = streams.perAddress ?? Number.POSITIVE_INFINITY;
  const wide = { ...options, streams: { ...streams, perAddress } };
  if (!isObject(rateLimits)) return wide;
  const limits = BY_ADDRESS.map((name) => {
    const { requests, perMs } = DEFAULT_RATE_LIMITS[name];
    return [name, rateLimits[name] ?? { requests: requests * SITE_WIDE, perMs }] as const;
  });
  return { ...wide, rateLimits: { ...rateLimits, ...Object.fromEntries(limits) } };
}

const isObject = (given: object | false): given is object => typeof given === 'object' && given !== null;

/**
 * Says once what makes visitors known by their addresses, where a request names one that is not believed; unless the app has said how that is,
 * or nobody but a developer comes.
 */
export function addressNotice(
  { logger }: NextEngine,
  { trustProxy, rateLimits }: HttpOptions,
): (request: Request) => void {
  let said = trustProxy !== undefined || rateLimits === false;
  return ({ headers }) => {
    if (said || !headers.has('x-forwarded-for') || globalThis.process?.env?.NODE_ENV === 'development')
      return;
    said = true;
    logger.warn({}, NOTICE);
  };
}

const NOTICE =
  'A route of Next.js is not told where requests come from, so limits count all visitors together. Behind a proxy or a platform that writes ' +
  "X-Forwarded-For itself, and only there, set trustProxy: ['loopback']; where Next is reached directly, trustProxy: [] says that you know.";
