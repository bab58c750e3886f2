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

const encoder = new TextEncoder();
