import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tally } from '../kill/audit.js';
import { replayable, seedsOf } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import { runRemoteTrial, type Victim } from './trial.js';

/** So many runs for each victim, each with a seed of its own, and at the end what was repeated in all of them. */
export const describeRemoteServer = (runs: number, victims: readonly Victim[]): void => {
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

  describe.each(victims)('a backend and a server of which %s is killed while people write', (victim) => {
    it.each(seedsOf(runs))(
      'lose nothing, and repeat only what was on its way to the platform (seed %i)',
      { timeout: 240_000 },
      async (seed) => {
        const tally = await replayable(seed, () => runRemoteTrial(bundle, seed, victim));
        tallies.push(tally);
        expect(tally.kills).toBeGreaterThanOrEqual(3);
      },
    );
  });
};
