import { PocketPingError } from '@pocketping/core';
import type { WireBody, WireHeaders } from './wire.js';

/** Refuses what UTF-8 does not allow instead of guessing; keeps no state between calls. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

const headerText = (value: string | readonly string[] | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : value.join(', ');

/** Whether a body follows the head (RFC 9112 §6.3). */
export const announcesBody = (headers: WireHeaders): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0');

/**
 * Holds a body to JSON in UTF-8. A browser cannot send that from a foreign page without asking first, so this is
 * also what keeps forms out.
 * @throws PocketPingError `unsupported_media_type`
 */
export function requireJson(headers: WireHeaders): void {
  const type = headerText(headers['content-type']);
  if (type === 'application/json' || /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i.test(type))
    return;
  throw new PocketPingError(
    'unsupported_media_type',
    `A body must have the content type application/json in UTF-8, not ${type || 'none'}.`,
  );
}

/**
 * The value that a body stands for. A key such as `__proto__` comes out as an ordinary property of its own; the
 * schemas that every value goes through next drop what they do not name, that key included.
 * @throws PocketPingError `invalid_json`, `unsupported_media_type` for a compressed body.
 */
export function parseBody(body: WireBody, headers: WireHeaders): unknown {
  if (typeof body === 'object' && 'parsed' in body) return body.parsed;
  const encoding = headerText(headers['content-encoding']);
  if (encoding !== '' && encoding !== 'identity') {
    throw new PocketPingError('unsupported_media_type', `A body must not be compressed (${encoding}).`);
  }
  try {
    return JSON.parse(typeof body === 'string' ? body : utf8.decode(body));
  } catch (cause) {
    throw new PocketPingError('invalid_json', 'The body is not valid JSON in UTF-8.', { cause });
  }
}

/** The fields of a query; of several with one name the last. */
export const queryFields = (query: string): object => Object.fromEntries(new URLSearchParams(query));
