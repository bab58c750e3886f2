import { expect, it } from 'vitest';
import { firstFailure } from './report.js';

const DAYS = 5000;

/** Half of the simulated days; each half in a file of its own, so that two processors share them. */
export const halfOfTheDays = (half: 0 | 1): void => {
  const seeds =
    process.env.SEED === undefined
      ? Array.from({ length: DAYS }, (_, index) => half * DAYS + index + 1)
      : [Number(process.env.SEED)];
  it('end with everybody seeing what was said', { timeout: 600_000 }, async () => {
    const failure = await firstFailure(seeds);
    if (failure !== null) expect.fail(failure);
  });
};
