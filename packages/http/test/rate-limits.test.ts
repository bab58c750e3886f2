import { virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../src/rate-limits.js';

describe('a rate limit', () => {
  const setUp = () => {
    const clock = virtualClock();
    return { clock, limiter: createLimiter(clock, { message: { requests: 4, perMs: 1000 }, typing: false }) };
  };

  it('lets a burst through, then one at a time as they come back', async () => {
    const { clock, limiter } = setUp();
    expect([1, 2, 3, 4, 5].map(() => limiter.take('message', 'a'))).toEqual([0, 0, 0, 0, 250]);
    await clock.advance(250);
    expect([1, 2].map(() => limiter.take('message', 'a'))).toEqual([0, 250]);
    await clock.advance(10_000);
    expect([1, 2, 3, 4, 5].map(() => limiter.take('message', 'a'))).toEqual([0, 0, 0, 0, 250]);
  });

  it('is counted by key and by name, and can be off for one of them', () => {
    const { limiter } = setUp();
    for (let i = 0; i < 4; i++) limiter.take('message', 'a');
    expect(limiter.take('message', 'b')).toBe(0);
    expect(limiter.take('change', 'a')).toBe(0);
    for (let i = 0; i < 1000; i++) expect(limiter.take('typing', 'a')).toBe(0);
  });

  it('locks nobody out when the clock is set back', () => {
    const { clock, limiter } = setUp();
    for (let i = 0; i < 4; i++) limiter.take('message', 'a');
    clock.set(clock.now() - 3_600_000);
    expect(limiter.take('message', 'a')).toBeLessThanOrEqual(250);
  });

  it('forgets the oldest under a flood, and stays in bounds', () => {
    const { limiter } = setUp();
    for (let i = 0; i < 4; i++) limiter.take('message', 'victim');
    for (let i = 0; i < 40_000; i++) limiter.take('message', `flood-${i}`);
    expect(limiter.take('message', 'victim')).toBe(250);
    for (let i = 0; i < 120_000; i++) limiter.take('message', `flood-${i + 40_000}`);
    expect(limiter.take('message', 'victim')).toBe(0);
  });
});
