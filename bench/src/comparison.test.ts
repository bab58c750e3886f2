import { describe, expect, it } from 'vitest';
import { change } from './comparison.js';
import { type Description, figure } from './figure.js';

const rate: Description = { name: 'a', title: 'A', unit: '/s', better: 'more', against: 'b' };
const measured = (ratios: readonly number[], more: Partial<Description> = {}) =>
  figure({ ...rate, ...more }, { floor: ratios.map(() => 1), ours: ratios });

describe('change', () => {
  it('is for the worse when the ratio fell by more than both runs vary', () => {
    expect(change(measured([0.6, 0.6, 0.6]), measured([0.5, 0.5, 0.5])).verdict).toBe('worse');
  });

  it('is none when the ratio fell by less than that', () => {
    expect(change(measured([0.6, 0.6, 0.6]), measured([0.58, 0.58, 0.58])).verdict).toBe('same');
    expect(change(measured([0.4, 0.6, 0.8]), measured([0.4, 0.5, 0.6])).verdict).toBe('same');
  });

  it('is for the better when the ratio rose', () => {
    const { verdict, factor } = change(measured([0.5]), measured([0.6]));
    expect(verdict).toBe('better');
    expect(factor).toBeCloseTo(1.2);
  });

  it('knows of which figures less is better', () => {
    const less = { unit: 'ms', better: 'less' } as const;
    expect(change(measured([1], less), measured([1.3], less)).verdict).toBe('worse');
    expect(change(measured([1.3], less), measured([1], less)).verdict).toBe('better');
  });

  it('does not mind a machine that is faster or slower as a whole', () => {
    const then = figure(rate, { floor: [1000], ours: [600] });
    const now = figure(rate, { floor: [100], ours: [60] });
    expect(change(then, now).verdict).toBe('same');
  });
});
