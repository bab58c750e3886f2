import { ID_PREFIXES, type IdKind } from '@pocketping/protocol';
import type { Instant } from './model/index.js';

/** The codes of Crockford's Base32 in lower case: their order is that of the values. */
const DIGITS = [...'0123456789abcdefghjkmnpqrstvwxyz'].map((digit) => digit.charCodeAt(0));
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 26;
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

/** An id of a kind while it is put together: prefix, time, random digits. */
interface Draft {
  readonly codes: number[];
  /** Where the random digits begin. */
  readonly random: number;
  at: Instant;
}

const drafts = new Map<IdKind, Draft>();

const draftOf = (kind: IdKind): Draft => {
  const known = drafts.get(kind);
  if (known) return known;
  const codes = [...ID_PREFIXES[kind]].map((character) => character.charCodeAt(0));
  const random = codes.length + TIME_DIGITS;
  const draft = { codes: [...codes, ...Array<number>(TIME_DIGITS + RANDOM_DIGITS).fill(0)], random, at: -1 };
  drafts.set(kind, draft);
  return draft;
};

/** 50 bits of time; most ids of a busy engine share a millisecond. */
const writeTime = (draft: Draft, at: Instant): void => {
  let rest = at;
  for (let place = draft.random - 1; place >= draft.random - TIME_DIGITS; place--) {
    draft.codes[place] = DIGITS[rest % 32] as number;
    rest = Math.floor(rest / 32);
  }
  draft.at = at;
};

/**
 * A new id: its kind's prefix, the time of creation, and 130 random bits. Ids of different milliseconds sort by time.
 * Made in one piece: V8 keeps a string that grew piece by piece in pieces, ten times as large and slow as a key.
 */
export const newId = (kind: IdKind, at: Instant): string => {
  const draft = draftOf(kind);
  if (draft.at !== at) writeTime(draft, at);
  const { codes, random } = draft;
  const start = takeRandom(RANDOM_DIGITS);
  for (let digit = 0; digit < RANDOM_DIGITS; digit++) {
    codes[random + digit] = DIGITS[(pool[start + digit] as number) & 31] as number;
  }
  return String.fromCharCode(...codes);
};

const RANDOM_ID = /^[0-9a-hjkmnp-tv-z]{36}$/;

/** Whether a value has the form of an id that `newId` makes, and so nothing in it that would mean more elsewhere, e.g. in a path. */
export const isId = (kind: IdKind, value: string): boolean =>
  value.startsWith(ID_PREFIXES[kind]) && RANDOM_ID.test(value.slice(ID_PREFIXES[kind].length));
