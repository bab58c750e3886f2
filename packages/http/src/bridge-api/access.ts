import { isSameSecret, PocketPingError } from '@pocketping/core';
import { bearerToken } from '../door.js';
import type { WireHeaders, WireInput } from '../wire.js';

/** Who may use the bridge API. */
export interface BridgeApiOptions {
  /** The secret that backends send as `Authorization: Bearer …`. Without one, only programs on this machine may. */
  readonly apiKey?: string;
  /**
   * There is a proxy in front of this server. Without a key nobody may use the API then: a proxy that says nothing of whom it speaks for
   * looks like a program on this machine.
   */
  readonly behindProxy?: boolean;
}

type Caller = Pick<WireInput, 'headers' | 'remoteAddress'>;

/** @throws PocketPingError `unauthorized`, which says what to do */
export const requireBackend = (caller: Caller, { apiKey, behindProxy = false }: BridgeApiOptions): void => {
  if (apiKey === undefined) {
    if (!behindProxy && isProgramHere(caller)) return;
    throw new PocketPingError(
      'unauthorized',
      behindProxy
        ? 'This server has no API key and is behind a proxy, so its bridge API answers nobody. Set API_KEY there, and send "Authorization: Bearer <that key>".'
        : 'This server has no API key, so its bridge API answers programs on the same machine only. Set API_KEY there, and send "Authorization: Bearer <that key>".',
    );
  }
  const given = bearerToken(caller.headers);
  if (given === undefined) {
    throw new PocketPingError(
      'unauthorized',
      'Send the server’s API key: "Authorization: Bearer <API_KEY>".',
    );
  }
  if (!isSameSecret(given, apiKey)) {
    throw new PocketPingError(
      'unauthorized',
      'This is not the server’s API key. Compare it with API_KEY there.',
    );
  }
};

/**
 * A program on this machine that talks to this server itself. What a proxy forwards comes from this machine too, and so does what a
 * website makes the browser of somebody who works here send: neither counts.
 */
const isProgramHere = ({ headers, remoteAddress }: Caller): boolean =>
  typeof remoteAddress === 'string' &&
  LOOPBACK.test(remoteAddress) &&
  LOOPBACK_HOST.test(String(headers.host ?? '')) &&
  ![...FORWARDED, ...OF_BROWSERS].some((name) => headers[name] !== undefined);

/** https://www.rfc-editor.org/rfc/rfc6890: 127.0.0.0/8 and ::1, also as an IPv4-mapped address. */
const LOOPBACK = /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/i;
/** By any other name, a page of that name could be meant: https://en.wikipedia.org/wiki/DNS_rebinding */
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const FORWARDED: readonly (keyof WireHeaders)[] = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'via',
];
const OF_BROWSERS: readonly (keyof WireHeaders)[] = ['origin', 'sec-fetch-site', 'referer'];
