import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * 64 hexadecimal digits that only whoever has the bot's token can work out; the same on every node, and they do not
 * tell the token.
 * @see https://datatracker.ietf.org/doc/html/rfc2104
 */
export const derive = (botToken: string, purpose: string): string =>
  bytesToHex(hmac(sha256, encoder.encode(botToken), encoder.encode(`pocketping ${purpose}`)));

/** Takes the same time wherever the two differ. */
export const isSame = (given: string, expected: string): boolean => {
  const left = sha256(encoder.encode(given));
  const right = sha256(encoder.encode(expected));
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= (left[at] as number) ^ (right[at] as number);
  return difference === 0;
};

const encoder = new TextEncoder();
