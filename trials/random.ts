/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T;
  /** A generator of its own, so that what one part draws does not shift what another one gets. */
  fork(): Random;
}

/** Mulberry32: 32 bits of state are plenty for choosing among the cases of a test. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[Math.floor(next() * list.length)] as (typeof list)[number];
    },
    fork: () => randomFrom(Math.floor(next() * 2 ** 32)),
  };
};

/** The seeds of a trial: the one in `SEED` alone, or so many from 1 on. */
export const seedsOf = (count: number): number[] =>
  process.env.SEED === undefined
    ? Array.from({ length: count }, (_, index) => index + 1)
    : [Number(process.env.SEED)];

/** Says how to run a failure again, on top of what failed. */
export const replayable = async <T>(seed: number, trial: () => Promise<T>): Promise<T> => {
  try {
    return await trial();
  } catch (error) {
    throw new Error(`it fails with SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
