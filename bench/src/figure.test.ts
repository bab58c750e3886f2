import { describe, expect, it } from 'vitest';
import { type Description, figure } from './figure.js';

const rate: Description = { name: 'a', title: 'A', unit: '/s', better: 'more', against: 'b' };
const delay: Description = { ...rate, unit: 'ms', better: 'less' };

describe('figure', () => {
  it('takes its ratio from the rounds', () => {
    expect(figure(rate, { floor: [100, 100], ours: [70, 50] }).ratio.median).toBeCloseTo(0.6);
  });

  it('takes its ratio from what a core can do where the cost is known, whoever else kept the core busy', () => {
    const rounds = { floor: [100], ours: [100], cost: { floor: [10], ours: [20] } };
    const { ratio, cost } = figure(rate, rounds);
    expect(ratio.median).toBe(0.5);
    expect(cost).toEqual({ floor: 10, ours: 20 });
  });

  it.each([
    [0.6, true],
    [0.59, false],
  ])('of which more is better meets a ratio of 0.6 at %s: %s', (reached, met) => {
    const target = { ratio: 0.6 };
    expect(figure({ ...rate, target }, { floor: [100], ours: [100 * reached] }).met).toBe(met);
  });

  it.each([
    [15, true],
    [15.1, false],
  ])('of which less is better meets a value of 15 at %s: %s', (reached, met) => {
    const target = { value: 15 };
    expect(figure({ ...delay, target }, { floor: [1], ours: [reached] }).met).toBe(met);
  });

  it('without a target neither meets nor misses it', () => {
    expect(figure(rate, { floor: [1], ours: [1] })).not.toHaveProperty('met');
  });
});
