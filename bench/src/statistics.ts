/** What several rounds of one measurement come to. */
export interface Summary {
  readonly median: number;
  /** The middle half of the rounds lies between these. */
  readonly low: number;
  readonly high: number;
}

/**
 * The value below which a share of the others lies, between the two nearest ranks in proportion.
 * @param share 0 for the smallest, 1 for the largest
 * @throws RangeError without values
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = Float64Array.from(values).sort();
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] as number;
  const above = sorted[Math.ceil(rank)] as number;
  return below + (above - below) * (rank - Math.floor(rank));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const summary = (values: readonly number[]): Summary => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
});

/** How far the middle half of the rounds lies apart, as a share of the median. */
export const spread = ({ median, low, high }: Summary): number => (median === 0 ? 0 : (high - low) / median);

/** Each round's second value in terms of its first: what a machine does to one it does to the other. */
export const ratios = (floor: readonly number[], ours: readonly number[]): number[] =>
  ours.slice(0, floor.length).map((value, round) => value / (floor[round] as number));
