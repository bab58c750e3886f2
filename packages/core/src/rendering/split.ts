import { balanced } from './directions.js';

/** From `start` up to, not including, `end`, in UTF-16 code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a text into ranges that cost at most `max` each and follow each other without a gap. It prefers the end of a
 * paragraph, then of a line, then of a word; it never cuts what a reader takes for one character, unless that alone
 * costs more than `max`, and never a surrogate pair.
 * @param costOf what a range takes when it is written down, which is at least its length
 */
export const split = (
  text: string,
  max: number,
  costOf: (start: number, end: number) => number = (start, end) => end - start,
): Range[] => {
  const ranges: Range[] = [];
  let start = 0;
  while (start < text.length || ranges.length === 0) {
    let end = endWithin(text, start, max);
    for (let cost = costOf(start, end); cost > max && end - start > 2; cost = costOf(start, end)) {
      end = endWithin(text, start, Math.min(end - start - 1, Math.floor(((end - start) * max) / cost)));
    }
    ranges.push({ start, end });
    start = end;
  }
  return ranges;
};

const endWithin = (text: string, start: number, max: number): number => {
  if (text.length - start <= max) return text.length;
  const room = Math.max(max, 1);
  return start + cut(text.slice(start, start + room + LOOKAHEAD), room);
};

/** The longest beginning of a text that has at most `max` code units and does not end inside a character. */
export const beginning = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, wholeCharacters(text, max));

/** A text that has at most `max` code units, and an ellipsis where something was left out. */
export const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${balanced(beginning(text, max - 1)).trimEnd()}…`;

const segmenter = new Intl.Segmenter();

/** What follows the cut decides whether it falls inside a character. */
const LOOKAHEAD = 64;

const BREAKS = [/\n[^\S\n]*\n\s*/g, /\n\s*/g, /\s+/g];

/** A break in the first half would waste more room than it saves the reader trouble. */
const cut = (text: string, max: number): number => {
  for (const pattern of BREAKS) {
    const end = lastEnd(text, pattern, max);
    if (end > max / 2) return wholeCharacters(text, end);
  }
  return wholeCharacters(text, max);
};

/** Where the last match ends that begins within `max`; a run of white space may be cut at `max` itself. */
const lastEnd = (text: string, pattern: RegExp, max: number): number => {
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index >= max) break;
    last = Math.min(match.index + match[0].length, max);
  }
  return last;
};

const wholeCharacters = (text: string, end: number): number => {
  const index = segmenter.segment(text).containing(end)?.index ?? end;
  if (index > 0) return index;
  return isLowSurrogate(text.charCodeAt(end)) && end > 1 ? end - 1 : end;
};

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
