import { strayDirections } from './directions.js';

/** A stretch of text. */
export interface TextRun {
  readonly text: string;
}

/**
 * A stretch of text in one style, whose text is what a reader sees: nothing in it is escaped yet. A bridge writes it in its
 * platform's markup.
 */
export interface Run extends TextRun {
  /** A `block` of code stands by itself and may have several lines. */
  readonly style?: 'bold' | 'italic' | 'code' | 'block';
  /** It leads there when it is tapped. Only for addresses that are ours. */
  readonly href?: string;
  /** It stands in a block quotation, together with the quoted runs beside it. */
  readonly quoted?: true;
}

/** What the runs say. */
export const textOf = (runs: readonly TextRun[]): string => runs.map(({ text }) => text).join('');

/** One below the other. What is empty takes no line. */
export const lines = (all: readonly (readonly Run[])[]): Run[] => joinedBy('\n', all);

/** The same with any text between them. */
export const joinedBy = (separator: string, all: readonly (readonly Run[])[]): Run[] =>
  all
    .filter(({ length }) => length > 0)
    .flatMap((runs, at) => (at === 0 ? runs : [{ text: separator }, ...runs]));

/**
 * The runs from `start` up to, not including, `end` of their text, in UTF-16 code units. A direction that the cut leaves
 * open, or without its beginning, is left out.
 */
export const between = <Any extends TextRun>(runs: readonly Any[], start: number, end: number): Any[] => {
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
