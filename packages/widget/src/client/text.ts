import { PocketPingError } from './errors.js';

/** UTF-16 code units the server accepts in one message (protocol `LIMITS.contentLength`). */
export const CONTENT_LENGTH = 4000;

// Without lookbehind: browsers that do not know it would refuse the whole script.
const surrogates = /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g;

/** Text the server can store: no NUL, and `U+FFFD` for every half of a surrogate pair. */
export const wellFormed = (text: string): string =>
  text.replaceAll('\0', '').replace(surrogates, (found) => (found.length === 2 ? found : '\uFFFD'));

/**
 * The text as the server takes it, which may be empty only where it comes with files. Throws a {@link PocketPingError}
 * `validation_failed` if it cannot.
 */
export function sendable(content: string, least = 1): string {
  const text = wellFormed(content).trim();
  if (text.length >= least && text.length <= CONTENT_LENGTH) return text;
  throw new PocketPingError('validation_failed', `1 to ${CONTENT_LENGTH} characters`);
}
