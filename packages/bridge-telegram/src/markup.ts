import type { Part } from '@pocketping/core';
import { split } from './split.js';

/** A stretch of text in one style. Its text is what a reader sees: nothing in it is escaped yet. */
export interface Run {
  readonly text: string;
  readonly tag?: 'b' | 'i' | 'code';
  /** It stands in a block quotation, together with the quoted runs beside it. */
  readonly quoted?: true;
}

/** Characters that Telegram takes in a message, after it has read the markup. @see https://core.telegram.org/bots/api#sendmessage */
export const TELEGRAM_LENGTH = 4096;

/** UTF-16 code units of text in one part: never more than characters, and a little below the limit. */
export const PART_LENGTH = TELEGRAM_LENGTH - 46;

/** Escapes a text for Telegram's HTML, and replaces lone surrogates, which are no text. */
export const escapeHtml = (text: string): string =>
  wellFormed(text).replace(/[&<>"]/g, (character) => ENTITIES[character] as string);

/** The runs as messages of Telegram's HTML; several when they are too long for one. Blank messages are left out, for Telegram refuses them. */
export const toParts = (runs: readonly Run[]): Part[] => {
  const sound = runs.map((run) => ({ ...run, text: wellFormed(run.text) }));
  const text = sound.map((run) => run.text).join('');
  return split(text, PART_LENGTH).flatMap(({ start, end }) => {
    const plain = text.slice(start, end);
    return isBlank(plain) ? [] : [{ markup: toHtml(between(sound, start, end)), plain }];
  });
};

/**
 * A stranger's text, made harmless: a mention in it would ring somebody's phone, and a command could be run with a
 * tap. Telegram leaves both alone inside `code`.
 */
export const foreign = (text: string, style: Omit<Run, 'text'> = {}): Run[] => {
  const runs: Run[] = [];
  let at = 0;
  const add = (end: number, own: Omit<Run, 'text'>) => {
    if (end > at) runs.push({ text: text.slice(at, end), ...own });
    at = end;
  };
  for (const { index, 0: found, groups } of text.matchAll(ADDRESS_OR_LIVE)) {
    if (groups?.live === undefined) continue;
    add(index, style);
    add(index + found.length, { ...style, tag: 'code' });
  }
  add(text.length, style);
  return runs;
};

/** A stranger's text for a place where one line belongs: no line breaks, no control characters, nothing that turns the direction of what follows. */
export const oneLine = (text: string): string =>
  wellFormed(text).replace(UNRULY, ' ').replace(/\s+/g, ' ').trim();

/** Nothing in it can be seen. */
export const isBlank = (text: string): boolean => text.replace(INVISIBLE, '') === '';

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Mentions and commands as Telegram finds them; not within an address, which stays one link. */
const ADDRESS_OR_LIVE = new RegExp(
  [
    /(?<![\p{L}\p{N}.-])(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?\/\S*/u,
    /(?<live>(?<![\p{L}\p{N}_])@[a-z0-9_]{2,}|(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]+(?:@[a-z0-9_]+)?(?![\p{L}\p{N}_/<>]))/iu,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'giu',
);

const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

const INVISIBLE = /[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0\ufffc]|\u034f/gu;

const between = (runs: readonly Run[], start: number, end: number): Run[] => {
  let at = 0;
  return runs.flatMap((run) => {
    const text = run.text.slice(Math.max(start - at, 0), Math.max(end - at, 0));
    at += run.text.length;
    return text === '' ? [] : [{ ...run, text }];
  });
};

const toHtml = (runs: readonly Run[]): string => {
  let html = '';
  let quoting = false;
  for (const run of runs) {
    if (quoting !== (run.quoted ?? false)) {
      quoting = !quoting;
      html += quoting ? '<blockquote>' : '</blockquote>';
    }
    const text = escapeHtml(run.text);
    html += run.tag ? `<${run.tag}>${text}</${run.tag}>` : text;
  }
  return quoting ? `${html}</blockquote>` : html;
};
