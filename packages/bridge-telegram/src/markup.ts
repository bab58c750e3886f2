import type { Part } from '@pocketping/core';
import { MESSAGE_LENGTH } from './limits.js';
import type { Mark } from './mark.js';
import { split } from './split.js';

/** A stretch of text in one style. Its text is what a reader sees: nothing in it is escaped yet. */
export interface Run {
  readonly text: string;
  readonly tag?: 'b' | 'i' | 'code';
  /** It leads there when it is tapped. Only for addresses that are ours. */
  readonly href?: string;
  /** It stands in a block quotation, together with the quoted runs beside it. */
  readonly quoted?: true;
}

/** Escapes a text for Telegram's HTML, and replaces lone surrogates, which are no text. */
export const escapeHtml = (text: string): string =>
  wellFormed(text).replace(/[&<>"]/g, (character) => ENTITIES[character] as string);

/**
 * The runs as messages of Telegram's HTML; several when they are too long for one. Blank messages are left out, for
 * Telegram refuses them. Lengths are counted in UTF-16 code units: Telegram counts characters, which are never more.
 */
export const toParts = (runs: readonly Run[]): Part[] =>
  pieces(runs, MESSAGE_LENGTH).map((piece) => ({ markup: toHtml(piece), plain: textOf(piece) }));

/** The first of these messages. */
export const toPart = (runs: readonly Run[]): Part => toParts(runs)[0] ?? { markup: '', plain: '' };

/** The runs as messages, each below a caption and with a mark. Without anything to say the caption stands alone. */
export const toMarkedParts = (caption: readonly Run[], runs: readonly Run[], mark: Mark): Part[] => {
  const head = sound(caption);
  const below: Run[] = [...head, { text: '\n' }];
  const room = MESSAGE_LENGTH - textOf(below).length - mark.line.length;
  const bodies = pieces(runs, room);
  const messages = bodies.length > 0 ? bodies.map((body) => [...below, ...body]) : [head];
  return messages.map((message) => ({
    markup: toHtml(message),
    plain: `${textOf(message).trimEnd()}${mark.line}`,
  }));
};

const pieces = (runs: readonly Run[], length: number): Run[][] => {
  const all = sound(runs);
  const text = textOf(all);
  return split(text, length)
    .filter(({ start, end }) => !isBlank(text.slice(start, end)))
    .map(({ start, end }) => between(all, start, end));
};

const sound = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, text: wellFormed(run.text) }));

const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

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
    html += styled(run);
  }
  return quoting ? `${html}</blockquote>` : html;
};

const styled = ({ text, tag, href }: Run): string => {
  const escaped = escapeHtml(text);
  const inner = tag ? `<${tag}>${escaped}</${tag}>` : escaped;
  return href === undefined ? inner : `<a href="${escapeHtml(href)}">${inner}</a>`;
};
