import { changesBetween } from './changes.js';

/**
 * A line for each name that is no option: in plain JavaScript a slip goes unnoticed, and what somebody wanted does not happen.
 * What is undefined or null is not given.
 */
export const unknownOptions = (given: object, known: readonly string[]): string[] =>
  Object.entries(given)
    .filter(([name, value]) => value !== undefined && value !== null && !known.includes(name))
    .map(([name]) => {
      const meant = nearest(name, known);
      return `${name} is no option and changes nothing${meant ? `: ${meant} is meant? Rename it, or remove it.` : ': remove it.'}`;
    });

/** The name that takes the fewest changes, if it is so near that it may be meant. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map((each) => ({ each, changes: changesBetween(name.toLowerCase(), each.toLowerCase()) }))
    .toSorted((left, right) => left.changes - right.changes);
  return best && best.changes <= Math.max(2, name.length / 3) ? best.each : undefined;
};
