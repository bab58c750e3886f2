import { afterAll, beforeAll, expect } from 'vitest';
import { replayable } from '../random.js';
import { type Bundle, bundleServer } from '../server/bundle.js';
import type { Tally } from './audit.js';

/** Bundles the server for all runs of a file, and tells at the end what was repeated in them. @returns what does one run */
export const talliedRuns = (): ((seed: number, run: (bundle: Bundle) => Promise<Tally>) => Promise<void>) => {
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
  return async (seed, run) => {
    const tally = await replayable(seed, () => run(bundle));
    tallies.push(tally);
    expect(tally.kills).toBeGreaterThanOrEqual(3);
  };
};
