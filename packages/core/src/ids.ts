import { ID_PREFIXES, type IdKind } from '@pocketping/protocol';
import type { Instant } from './model/index.js';

/** Crockford's Base32 in lower case: its order is that of the values. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const POOL_BYTES = 4096;

const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes from a pool: one call to the system's generator serves a hundred ids. Valid until the next call. */
export const randomBytes = (count: number): Uint8Array => {
  if (used + count > POOL_BYTES) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
};

let lastInstant = -1;
let lastPrefix = '';

/** 48 bits of time as ten digits; most ids of a busy engine share a millisecond. */
const timePrefix = (at: Instant): string => {
  if (at === lastInstant) return lastPrefix;
  let rest = at;
  let digits = '';
  for (let i = 0; i < 10; i++) {
    digits = DIGITS[rest % 32] + digits;
    rest = Math.floor(rest / 32);
  }
  lastInstant = at;
  lastPrefix = digits;
  return digits;
};

/** A new id: its kind's prefix, the time of creation, and 128 random bits. Ids of different milliseconds sort by time. */
export const newId = (kind: IdKind, at: Instant): string => {
  const bytes = randomBytes(16);
  let id = ID_PREFIXES[kind] + timePrefix(at);
  let bits = 0;
  let held = 0;
  for (let i = 0; i < 16; i++) {
    held = (held << 8) | (bytes[i] as number);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += DIGITS[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return id + DIGITS[(held << (5 - bits)) & 31];
};
