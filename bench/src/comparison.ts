import type { Figure } from './figure.js';
import { spread } from './statistics.js';

/** A figure beside the same one of an earlier run. */
export interface Change {
  readonly then: Figure;
  /** The ratio now in terms of the ratio then. */
  readonly factor: number;
  /** `worse` and `better` only beyond what both runs varied by themselves. */
  readonly verdict: 'better' | 'same' | 'worse';
}

/** Less than that is not told apart, however little the rounds varied. */
const LEAST = 0.05;

/** Ratios are compared, not absolute figures: the machine may be another one, or busier. */
export function change(then: Figure, now: Figure): Change {
  const factor = now.ratio.median / then.ratio.median;
  const noise = Math.max(LEAST, spread(then.ratio) / 2 + spread(now.ratio) / 2);
  const gain = now.better === 'more' ? factor : 1 / factor;
  return { then, factor, verdict: gain < 1 - noise ? 'worse' : gain > 1 + noise ? 'better' : 'same' };
}
