import type { Part } from '@pocketping/core';
import { between, isBlank, type Look, type Run, readable, split, textOf } from '@pocketping/core/rendering';
import { CAPTION_LENGTH, MESSAGE_LENGTH } from './limits.js';
import { liveIn, withoutRemoved } from './live.js';
import type { Mark } from './mark.js';

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

/** The runs as what stands below a file, which may be nothing, and as much of them as fits. */
export const toCaption = (runs: readonly Run[]): Part => {
  const [piece = []] = pieces(runs, CAPTION_LENGTH);
  return { markup: toHtml(piece), plain: textOf(piece) };
};

/** The runs as messages, each below a heading and with a mark. Without anything to say the heading stands alone. */
export const toMarkedParts = (heading: readonly Run[], runs: readonly Run[], mark: Mark): Part[] =>
  marked(heading, runs, mark, MESSAGE_LENGTH);

/** The same below a file, as much as fits. */
export const toMarkedCaption = (heading: readonly Run[], runs: readonly Run[], mark: Mark): Part =>
  marked(heading, runs, mark, CAPTION_LENGTH)[0] as Part;

const marked = (heading: readonly Run[], runs: readonly Run[], mark: Mark, length: number): Part[] => {
  const head = sound(heading);
  const below: Run[] = [...head, { text: '\n' }];
  const room = length - textOf(below).length - mark.line.length;
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

/** A stranger's text, made harmless: what Telegram would bring to life in it stands in `code`, where Telegram leaves it alone. */
export const foreign = (text: string, look: Look = {}): Run[] => {
  const shown = withoutRemoved(readable(text));
  // In a block of code it brings nothing to life.
  const live = look.style === 'block' ? [] : liveIn(shown);
  const runs: Run[] = [];
  let at = 0;
  const add = (end: number, own: Look) => {
    if (end > at) runs.push({ text: shown.slice(at, end), ...own });
    at = end;
  };
  for (const { start, end } of live) {
    add(start, look);
    add(end, { ...look, style: 'code' });
  }
  add(shown.length, look);
  return runs;
};

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const TAGS = { bold: 'b', italic: 'i', code: 'code', block: 'pre' } as const;

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

const styled = ({ text, style, href }: Run): string => {
  const escaped = escapeHtml(text);
  const tag = style && TAGS[style];
  const inner = tag ? `<${tag}>${escaped}</${tag}>` : escaped;
  return href === undefined ? inner : `<a href="${escapeHtml(href)}">${inner}</a>`;
};
