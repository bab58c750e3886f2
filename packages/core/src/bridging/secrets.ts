import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * 64 hexadecimal digits that only whoever has a secret can work out, e.g. a bot's token; the same on every node, and they do
 * not tell the secret.
 * @param purpose what they are for: other purposes have others
 * @see https://datatracker.ietf.org/doc/html/rfc2104
 */
export const derivedFrom = (secret: string, purpose: string): string =>
  bytesToHex(hmac(sha256, encoder.encode(secret), encoder.encode(`pocketping ${purpose}`)));

const encoder = new TextEncoder();
