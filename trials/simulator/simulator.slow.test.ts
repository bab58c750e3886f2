import { describe, expect, it } from 'vitest';
import { seedsOf } from '../random.js';
import { firstFailure } from './report.js';

const SEEDS = 1500;

describe('fifteen hundred simulated days', () => {
  it('end with everybody seeing what was said', { timeout: 600_000 }, async () => {
    const failure = await firstFailure(seedsOf(SEEDS));
    if (failure !== null) expect.fail(failure);
  });
});
