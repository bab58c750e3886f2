import { strayDirections } from './directions.js';

/** A stretch of text in one style; the styles are a platform's own. */
export interface TextRun {
  readonly text: string;
}

/** What the runs say. */
export const textOf = (runs: readonly TextRun[]): string => runs.map(({ text }) => text).join('');

/**
 * The runs from `start` up to, not including, `end` of their text, in UTF-16 code units. A direction that the cut leaves
 * open, or without its beginning, is left out.
 */
export const between = <Run extends TextRun>(runs: readonly Run[], start: number, end: number): Run[] => {
  const strays = strayDirections(textOf(runs).slice(start, end));
  let at = 0;
  let taken = 0;
  return runs.flatMap((run) => {
    const whole = run.text.slice(Math.max(start - at, 0), Math.max(end - at, 0));
    at += run.text.length;
    const begins = taken;
    taken += whole.length;
    const text =
      strays.size === 0
        ? whole
        : whole.replace(/[\s\S]/g, (unit, offset: number) => (strays.has(begins + offset) ? '' : unit));
    return text === '' ? [] : [{ ...run, text }];
  });
};
