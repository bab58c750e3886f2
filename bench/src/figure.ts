import { median, ratios, type Summary, summary } from './statistics.js';

export type Unit = '/s' | 'ms' | 'KB' | 'MB';

/** What a figure has to reach: a multiple of its floor, or a value of its own in the figure's unit. */
export type Target = { readonly ratio: number } | { readonly value: number };

/** Rounds of a floor and of ours, one after the other, in the figure's unit. */
export interface Rounds {
  readonly floor: readonly number[];
  readonly ours: readonly number[];
  /**
   * Microseconds of the server's processor that a request took, in each round. Where it is known, the ratio is that of
   * what a core can do: of `1 / cost`, which others on the machine cannot take away.
   */
  readonly cost?: { readonly floor: readonly number[]; readonly ours: readonly number[] };
}

export interface Description {
  /** Unique, and stable from run to run. */
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'more' | 'less';
  /** What the floor is. */
  readonly against: string;
  readonly target?: Target;
  /** The comparable implementation of issue 3: its floor, where it is known, and its figure. */
  readonly elsewhere?: { readonly floor?: number; readonly value: number };
}

/** One measured line of the table. */
export interface Figure extends Description {
  readonly floor: Summary;
  readonly ours: Summary;
  /** Of each pair of rounds. */
  readonly ratio: Summary;
  /** Medians, in microseconds of the server's processor for each request. */
  readonly cost?: { readonly floor: number; readonly ours: number };
  /** Whether the target is met; absent without one. */
  readonly met?: boolean;
  /** What has to be known to read the line. */
  readonly note?: string;
}

export function figure(description: Description, rounds: Rounds, note?: string): Figure {
  const ours = summary(rounds.ours);
  const { cost } = rounds;
  const ratio = summary(cost ? ratios(cost.ours, cost.floor) : ratios(rounds.floor, rounds.ours));
  const { target, better } = description;
  return {
    ...description,
    floor: summary(rounds.floor),
    ours,
    ratio,
    ...(cost && { cost: { floor: median(cost.floor), ours: median(cost.ours) } }),
    ...(target && { met: isMet(target, better, ours.median, ratio.median) }),
    ...(note && { note }),
  };
}

const isMet = (target: Target, better: Description['better'], ours: number, ratio: number): boolean => {
  const [reached, wanted] = 'ratio' in target ? [ratio, target.ratio] : [ours, target.value];
  return better === 'more' ? reached >= wanted : reached <= wanted;
};
