/** How a platform takes a text: not with markup, or not at all. */
export type Refused = 'markup' | 'always';

/**
 * What somebody said. Every word names its utterance, its version and its place in it, so that whatever a platform
 * shows can be taken apart again, however it was split, joined or quoted.
 */
export interface Text {
  readonly content: string;
  readonly words: number;
  readonly refused?: Refused;
}

export const textOf = (utterance: number, version: number, words: number, refused?: Refused): Text => {
  const list = Array.from({ length: words }, (_, index) => `m${utterance}v${version}w${index}`);
  if (refused) list.push(MARKS[refused]);
  return { content: list.join(' '), words, ...(refused && { refused }) };
};

const MARKS: Record<Refused, string> = { markup: '!markup', always: '!always' };

/** Whether a platform takes a post with this text. */
export const isRefused = (text: string, plain: boolean): boolean =>
  text.includes(MARKS.always) || (!plain && text.includes(MARKS.markup));

export interface Word {
  readonly utterance: number;
  readonly version: number;
  readonly index: number;
}

/** The words of utterances in a text, quotes and recaps left out. */
export const wordsIn = (text: string): Word[] => found(text, /\bm(\d+)v(\d+)w(\d+)/g);

/** The words of utterances that a text recaps. */
export const recappedIn = (text: string): Word[] => found(text, /\br(\d+)v(\d+)w(\d+)/g);

/** The text as a recap shows it. */
export const asRecap = (content: string): string => disguised(content, 'r');

/** The text as a quote shows it. */
export const asQuote = (content: string): string => disguised(content, 'q');

/** Which utterance a message's content belongs to; undefined for that of a deleted one. */
export const utteranceOf = (content: string): number | undefined => wordsIn(content)[0]?.utterance;

const found = (text: string, pattern: RegExp): Word[] =>
  Array.from(text.matchAll(pattern), ([, utterance, version, index]) => ({
    utterance: Number(utterance),
    version: Number(version),
    index: Number(index),
  }));

const disguised = (content: string, letter: string): string =>
  content.replaceAll(/\bm(?=\d+v)/g, letter).replaceAll('!', '-');
