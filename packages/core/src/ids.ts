import { ID_PREFIXES, type IdKind } from '@pocketping/protocol';
import type { Instant } from './model/index.js';

/** Crockford's Base32 in lower case: its order is that of the values. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** Two digits for every ten bits: half the work of one digit for five. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${DIGITS[bits >> 5]}${DIGITS[bits & 31]}`);
const POOL_BYTES = 4096;

const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes from a pool: one call to the system's generator serves hundreds of ids. Valid until the next call. */
export const randomBytes = (count: number): Uint8Array => {
  const start = takeRandom(count);
  return pool.subarray(start, start + count);
};

/** Where in the pool `count` fresh bytes begin. */
const takeRandom = (count: number): number => {
  if (used + count > POOL_BYTES) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += count;
  return used - count;
};

let lastInstant = -1;
let lastPrefix = '';

/** 50 bits of time as ten digits; most ids of a busy engine share a millisecond. */
const timePrefix = (at: Instant): string => {
  if (at === lastInstant) return lastPrefix;
  let rest = at;
  let digits = '';
  for (let i = 0; i < 5; i++) {
    digits = PAIRS[rest % 1024] + digits;
    rest = Math.floor(rest / 1024);
  }
  lastInstant = at;
  lastPrefix = digits;
  return digits;
};

/** A new id: its kind's prefix, the time of creation, and 130 random bits. Ids of different milliseconds sort by time. */
export const newId = (kind: IdKind, at: Instant): string => {
  let id = ID_PREFIXES[kind] + timePrefix(at);
  let next = takeRandom(17);
  let held = 0;
  let bits = 0;
  for (let pair = 0; pair < 13; pair++) {
    while (bits < 10) {
      held = (held << 8) | (pool[next++] as number);
      bits += 8;
    }
    bits -= 10;
    id += PAIRS[held >> bits];
    held &= (1 << bits) - 1;
  }
  return id;
};
