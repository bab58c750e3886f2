import { describe, expect, it } from 'vitest';
import { seedsOf } from '../random.js';
import { firstFailure } from './report.js';
import { simulate } from './simulate.js';

describe('simulated days', () => {
  it('200 of them end with everybody seeing what was said', { timeout: 60_000 }, async () => {
    const failure = await firstFailure(seedsOf(200));
    if (failure !== null) expect.fail(failure);
  });

  it('the same seed is the same day, to the last line', async () => {
    for (const seed of [3, 5, 8]) {
      const [first, second] = [await simulate(seed, { trace: true }), await simulate(seed, { trace: true })];
      expect(first.trace.length).toBeGreaterThan(50);
      expect(second.trace.join('\n')).toBe(first.trace.join('\n'));
      expect(second.failures).toEqual(first.failures);
    }
  });

  it('a trace changes nothing', async () => {
    const [seen, unseen] = [await simulate(5, { trace: true }), await simulate(5)];
    expect(unseen.counts).toEqual(seen.counts);
  });
});
