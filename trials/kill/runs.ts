import { describe, it } from 'vitest';
import { seedsOf } from '../random.js';
import { talliedRuns } from './tallies.js';
import { runKillTrial } from './trial.js';

/** So many runs, each with a seed of its own, and at the end what was repeated in all of them. */
export const describeKilledServer = (runs: number): void => {
  const run = talliedRuns();
  describe('a server that is killed while people write', () => {
    it.each(seedsOf(runs))(
      'loses nothing, and repeats only what was on its way (seed %i)',
      { timeout: 90_000 },
      (seed) => run(seed, (bundle) => runKillTrial(bundle, seed)),
    );
  });
};
