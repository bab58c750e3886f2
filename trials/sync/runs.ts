import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayable, seedsOf } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import { planFrom, type Scale } from './plan.js';
import { runSyncTrial } from './trial.js';

/** One run of this size, or of the seed that is asked for. */
export const describeSync = (scale: Scale, timeout: number): void => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleServer();
  }, 60_000);
  afterAll(() => bundle?.remove());

  describe(`${scale.sessions} conversations on three platforms while everything goes wrong`, () => {
    it.each(seedsOf(1))('are the same everywhere afterwards (seed %i)', { timeout }, async (seed) => {
      const tally = await replayable(seed, () => runSyncTrial(bundle, planFrom(seed, scale)));
      console.log(JSON.stringify(tally));
      expect(tally.kills).toBe(scale.kills);
    });
  });
};
