import { PocketPingError } from '@pocketping/core';
import type { WireHeaders } from './wire.js';

/** On every answer: what it says is for this reader, now, and is what its type says. */
const EVERYWHERE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  vary: 'Origin',
} as const;

export interface Origins {
  /**
   * The headers that answers to this request carry.
   * @throws PocketPingError `origin_not_allowed` for a page that is neither ours nor on the list.
   */
  headersFor(headers: WireHeaders, behindProxy: boolean): Readonly<Record<string, string>>;
  /** What answers carry that a foreign page must not read. */
  readonly closed: Readonly<Record<string, string>>;
}

/**
 * Which pages may speak to this server (https://fetch.spec.whatwg.org/#http-cors-protocol). Never with credentials:
 * a token travels in a header that only our own client sets.
 * @throws TypeError for an entry that is no origin.
 */
export function createOrigins(allowed: '*' | readonly string[] = []): Origins {
  const byOrigin = new Map<string, Readonly<Record<string, string>>>();
  if (allowed !== '*')
    for (const entry of allowed) byOrigin.set(normalOrigin(entry), openTo(normalOrigin(entry)));
  const open = openTo('*');

  return {
    closed: EVERYWHERE,
    headersFor(headers, behindProxy) {
      const origin = headers.origin;
      if (origin === undefined) return EVERYWHERE;
      if (allowed === '*') return open;
      if (typeof origin === 'string') {
        const listed = byOrigin.get(origin);
        if (listed) return listed;
        if (isOwn(origin, headers, behindProxy)) return EVERYWHERE;
      }
      throw new PocketPingError(
        'origin_not_allowed',
        `Pages on ${String(origin)} may not use this server; its option "origins" lists those that may.`,
      );
    },
  };
}

const openTo = (origin: string) => ({
  ...EVERYWHERE,
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'Retry-After',
});

/**
 * The browser says so itself, or the page's host is the one that the request was sent to. The scheme is not
 * compared: behind a proxy that ends TLS, the server does not know its own.
 */
function isOwn(origin: string, headers: WireHeaders, behindProxy: boolean): boolean {
  if (headers['sec-fetch-site'] === 'same-origin') return true;
  const host = origin.slice(origin.indexOf('://') + 3).toLowerCase();
  const forwarded = behindProxy ? headers['x-forwarded-host'] : undefined;
  return (
    origin.includes('://') &&
    [headers.host, forwarded].some((own) => typeof own === 'string' && own.toLowerCase() === host)
  );
}

function normalOrigin(entry: string): string {
  if (entry === 'null') return entry;
  try {
    const { origin, pathname, search } = new URL(entry);
    if (origin !== 'null' && pathname === '/' && search === '') return origin;
  } catch {
    // Said below, with what a person has to write instead.
  }
  throw new TypeError(`origins: "${entry}" is no origin; write it like "https://www.example.com"`);
}
