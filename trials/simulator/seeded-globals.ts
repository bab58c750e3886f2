import { randomBytes } from '@pocketping/core';
import type { Random } from '../random.js';

/** At least as many bytes as the engine draws ahead of its need. */
const DRAWN_AHEAD = 4096;

/** Runs something whose chance, the engine's ids and backoffs included, comes from a seed alone. */
export const withSeededGlobals = async <T>(random: Random, run: () => Promise<T>): Promise<T> => {
  const { random: real } = Math;
  const { stackTraceLimit } = Error;
  Math.random = random.next;
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: (bytes: Uint8Array) => fill(bytes, random),
  });
  // Thousands of errors are part of the day, and nobody reads where they come from.
  Error.stackTraceLimit = 0;
  try {
    // What was drawn before came from elsewhere.
    randomBytes(DRAWN_AHEAD);
    return await run();
  } finally {
    Math.random = real;
    Error.stackTraceLimit = stackTraceLimit;
    // The one of the prototype shows again.
    Reflect.deleteProperty(crypto, 'getRandomValues');
    randomBytes(DRAWN_AHEAD);
  }
};

const fill = (bytes: Uint8Array, random: Random): Uint8Array => {
  for (let at = 0; at < bytes.length; at += 4) {
    const word = Math.floor(random.next() * 2 ** 32);
    for (let byte = 0; byte < 4 && at + byte < bytes.length; byte++) bytes[at + byte] = word >>> (8 * byte);
  }
  return bytes;
};
