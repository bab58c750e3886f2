import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayable, seedsOf } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import type { Tally } from './audit.js';
import { runKillTrial } from './trial.js';

/** So many runs, each with a seed of its own, and at the end what was repeated in all of them. */
export const describeKilledServer = (runs: number): void => {
  let bundle: Bundle;
  const tallies: Tally[] = [];
  beforeAll(async () => {
    bundle = await bundleServer();
  }, 60_000);
  afterAll(() => {
    bundle?.remove();
    const sum = (what: keyof Tally) => tallies.reduce((total, tally) => total + tally[what], 0);
    console.log(
      `${tallies.length} runs, ${sum('kills')} kills: ` +
        `${sum('repeatedPosts')} posts and ${sum('repeatedTopics')} topics were made twice`,
    );
  });

  describe('a server that is killed while people write', () => {
    it.each(seedsOf(runs))(
      'loses nothing, and repeats only what was on its way (seed %i)',
      { timeout: 90_000 },
      async (seed) => {
        const tally = await replayable(seed, () => runKillTrial(bundle, seed));
        tallies.push(tally);
        expect(tally.kills).toBeGreaterThanOrEqual(3);
      },
    );
  });
};
