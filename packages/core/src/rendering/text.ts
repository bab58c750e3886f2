import { balanced } from './directions.js';

/**
 * A stranger's text as it may be shown, wherever it is shown: no halves of characters, no control characters, one sign
 * for the end of a line, and nothing that turns the direction of what stands behind it. Letters of every script, joiners
 * and emoji stay as they are.
 */
export const readable = (text: string): string =>
  balanced(
    text
      .replace(LINE_END, '\n')
      .replace(CONTROLS, '')
      .replace(/\p{Surrogate}/gu, '\uFFFD'),
  );

/** The same for a place where one line belongs: no line breaks, and nothing that turns a direction or has no width. */
export const oneLine = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(UNRULY, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Nothing in it can be seen. */
export const isBlank = (text: string): boolean => text.replace(INVISIBLE, '') === '';

const LINE_END = /\r\n?|[\u0085\u2028\u2029]/g;

const CONTROLS = /(?![\t\n])\p{Cc}/gu;

const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

const INVISIBLE = /[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0\ufffc]|\u034f/gu;
