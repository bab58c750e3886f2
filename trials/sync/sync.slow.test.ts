import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayable, seedsOf } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import { undisturbed } from '../stalls.js';
import { planFrom, type Scale } from './plan.js';
import { runSyncTrial } from './trial.js';

const SCALE: Scale = {
  sessions: 50,
  operators: 10,
  messages: 2000,
  lengthMs: 80_000,
  kills: 6,
  strikes: 8,
  strikeMs: 1000,
  losses: 3,
};

/** It takes place in real time: held up for so long, something happens later than the oracle allows for. */
const STALLED_MS = 1000;
const ATTEMPTS = 3;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleServer();
}, 60_000);
afterAll(() => bundle?.remove());

describe('fifty conversations on three platforms while everything goes wrong', () => {
  it.each(seedsOf(1))(
    'are the same everywhere afterwards (seed %i)',
    { timeout: ATTEMPTS * 400_000 },
    async (seed) => {
      const trial = () => replayable(seed, () => runSyncTrial(bundle, planFrom(seed, SCALE)));
      const tally = await undisturbed(trial, { stalledMs: STALLED_MS, attempts: ATTEMPTS });
      console.log(JSON.stringify(tally));
      expect(tally.kills).toBe(SCALE.kills);
    },
  );
});
