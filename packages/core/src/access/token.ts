import { sha256 } from '@noble/hashes/sha2.js';
import type { SessionId } from '@pocketping/protocol';
import { randomBytes } from '../ids.js';

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((digit) =>
  digit.charCodeAt(0),
);
const utf8 = new TextEncoder();

/** Made in one piece, like an id. */
export const base64url = (bytes: Uint8Array): string => {
  const codes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      codes.push(BASE64URL[(held >> bits) & 63] as number);
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) codes.push(BASE64URL[(held << (6 - bits)) & 63] as number);
  return String.fromCharCode(...codes);
};

/** SHA-256 of a string, as Base64url. */
export const digest = (text: string): string => base64url(sha256(utf8.encode(text)));

/** A visitor's token: 256 random bits. Given once; only its hash is stored. */
export const newToken = (): string => `ppv_${base64url(randomBytes(32))}`;

/** The token that belongs to a client's connect secret: always the same, so that a retried connect gets it again. */
export const tokenOfSecret = (secret: string): string =>
  `ppv_${digest(`pocketping visitor token\n${secret}`)}`;

/** The token together with a session by which its visitor can be found. */
export const namingSession = (token: string, sessionId: SessionId): string => `${token}.${sessionId}`;

/** The session that a token names, if it does. That proves nothing: anybody can write it there. */
export const sessionNamedBy = (token: string): SessionId | undefined => {
  const dot = token.indexOf('.');
  return dot < 0 ? undefined : token.slice(dot + 1);
};

/** What is stored of a token. Tokens are random, so a plain hash is enough. */
export const hashToken = (token: string): string => {
  const dot = token.indexOf('.');
  return digest(dot < 0 ? token : token.slice(0, dot));
};
