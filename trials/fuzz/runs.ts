import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayable, seedsOf } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import { COUNTED, type Extent, fuzz, type Outcome, TOLERATED } from './fuzz.js';

/** Bytes by which the heap may grow: caches of bounded size, such as that of the tokens, that were not full yet. */
const HEAP_BYTES = 16 * 1024 * 1024;

/** Random input, so much of it. */
export const describeFuzzing = (extent: Extent): void => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleServer();
  }, 60_000);
  afterAll(() => bundle?.remove());

  describe('random bodies and frames', () => {
    it.each(seedsOf(1))('break nothing, and disturb nobody (seed %i)', { timeout: 200_000 }, async (seed) => {
      const { cases, wellBehaved, weighed } = await replayable(seed, () => fuzz(bundle, seed, extent));
      console.log(`${cases} connections of nonsense, ${wellBehaved} messages in between`);
      expect(cases).toBeGreaterThanOrEqual(extent.cases ?? 1000);
      expect(wellBehaved).toBeGreaterThan(10);
      if (weighed) expectNothingLeft(weighed);
    });
  });
};

const expectNothingLeft = ({ before, after }: NonNullable<Outcome['weighed']>): void => {
  const grown = after.heapBytes - before.heapBytes;
  console.log(`the heap grew by ${(grown / 2 ** 20).toFixed(1)} MB`);
  expect(grown).toBeLessThan(HEAP_BYTES);
  for (const name of COUNTED) {
    const left = (after.counts[name] ?? 0) - (before.counts[name] ?? 0);
    expect([name, left <= TOLERATED, left]).toEqual([name, true, left]);
  }
};
