/** From `start` up to, not including, `end`, in UTF-16 code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a text into ranges of at most `max` code units, which follow each other without a gap. It prefers the end of a
 * paragraph, then of a line, then of a word; it never cuts what a reader takes for one character, unless that alone
 * is longer than `max`, and never a surrogate pair.
 */
export const split = (text: string, max: number): Range[] => {
  const ranges: Range[] = [];
  let start = 0;
  while (text.length - start > max) {
    const end = start + cut(text.slice(start, start + max + LOOKAHEAD), max);
    ranges.push({ start, end });
    start = end;
  }
  if (start < text.length || ranges.length === 0) ranges.push({ start, end: text.length });
  return ranges;
};

/** The longest beginning of a text that has at most `max` code units and does not end inside a character. */
export const beginning = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, wholeCharacters(text, max));

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
