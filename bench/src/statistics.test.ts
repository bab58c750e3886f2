import { describe, expect, it } from 'vitest';
import { quantile, ratios, spread, summary } from './statistics.js';

describe('quantile', () => {
  it('is the middle one of an odd number, in whatever order they come', () => {
    expect(quantile([9, 1, 5], 0.5)).toBe(5);
  });

  it('lies between the two middle ones of an even number', () => {
    expect(quantile([1, 2, 4, 100], 0.5)).toBe(3);
  });

  it('reaches from the smallest to the largest', () => {
    expect(quantile([3, 1, 2], 0)).toBe(1);
    expect(quantile([3, 1, 2], 1)).toBe(3);
  });

  it('tells the slowest of a hundred from the rest', () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    expect(quantile(values, 0.99)).toBe(99);
  });

  it('refuses to speak of nothing', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe('summary', () => {
  it('says where the middle half of the rounds lies, so that one disturbed round changes nothing', () => {
    expect(summary([10, 11, 12, 13, 900])).toEqual({ median: 12, low: 11, high: 13 });
  });

  it('has a spread in terms of its median', () => {
    expect(spread({ median: 10, low: 9, high: 11 })).toBeCloseTo(0.2);
    expect(spread({ median: 0, low: 0, high: 0 })).toBe(0);
  });
});

describe('ratios', () => {
  it('pairs each round with the one beside it: a machine that slows down for both changes no ratio', () => {
    expect(ratios([100, 50], [60, 30])).toEqual([0.6, 0.6]);
  });
});
