import { describe, it } from 'vitest';
import { talliedRuns } from '../kill/tallies.js';
import { seedsOf } from '../random.js';
import { runRemoteTrial, type Victim } from './trial.js';

/** So many runs for each victim, each with a seed of its own, and at the end what was repeated in all of them. */
export const describeRemoteServer = (runs: number, victims: readonly Victim[]): void => {
  const run = talliedRuns();
  describe.each(victims)('a backend and a server of which %s is killed while people write', (victim) => {
    it.each(seedsOf(runs))(
      'lose nothing, and repeat only what was on its way to the platform (seed %i)',
      { timeout: 240_000 },
      (seed) => run(seed, (bundle) => runRemoteTrial(bundle, seed, victim)),
    );
  });
};
