import type { Part } from '@pocketping/core';
import { between, isBlank, readable, type Run as StyledRun, split, textOf } from '@pocketping/core/rendering';
import { MESSAGE_LENGTH, TEXT_LENGTH } from './limits.js';

/** A stretch of text in one style, as everywhere, or an address. */
export interface Run extends StyledRun {
  /** It leads there when it is clicked. The text is the address itself, so that nobody is led astray. */
  readonly isAddress?: true;
}

/**
 * Escapes a text for Slack's markup: nothing in it mentions anybody or leads anywhere.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The runs as messages, several when they are too long for one. Strangers' words stand in text elements of rich text, where
 * neither markup nor mentions mean anything. Blank messages are left out, for Slack refuses them.
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export const toParts = (runs: readonly Run[], caption: readonly Run[] = []): Part[] => {
  const head = sound(caption);
  const all = sound(runs);
  const text = textOf(all);
  const room = {
    raw: MESSAGE_LENGTH - textOf(head).length,
    escaped: TEXT_LENGTH - escapedLength(BAR + textOf(head)),
  };
  const bodies = fitting(text, room)
    .filter(({ start, end }) => !isBlank(text.slice(start, end)))
    .map(({ start, end }) => between(all, start, end));
  const messages = bodies.length > 0 || head.length === 0 ? bodies.map((body) => [...head, ...body]) : [head];
  return messages.map((message) => ({ markup: JSON.stringify(blocksOf(message)), plain: plainOf(message) }));
};

/** The first of these messages. */
export const toPart = (runs: readonly Run[]): Part => toParts(runs)[0] ?? { markup: '[]', plain: '' };

/**
 * Rich text, with what is quoted, and blocks of code, in blocks of its own; each of them is a line by itself, so breaks between
 * them would be empty lines.
 */
export const blocksOf = (runs: readonly Run[]): object[] => {
  const groups: { type: ReturnType<typeof blockOf>; runs: Run[] }[] = [];
  for (const run of runs) {
    const type = blockOf(run);
    const last = groups.at(-1);
    if (last?.type === type) last.runs.push(run);
    else if (last && !endsLine(last.runs)) groups.push({ type, runs: withoutFirstBreak(run) });
    else groups.push({ type, runs: [run] });
  }
  const elements = groups
    .map(({ type, runs }, at) => ({ type, runs: at < groups.length - 1 ? withoutLastBreak(runs) : runs }))
    .filter(({ runs }) => runs.length > 0)
    .map(({ type, runs }) => ({ type, elements: runs.map(elementOf) }));
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
};

const blockOf = ({ quoted, style }: Run) => {
  if (style === 'block') return 'rich_text_preformatted';
  return quoted ? 'rich_text_quote' : 'rich_text_section';
};

const endsLine = (runs: readonly Run[]): boolean => runs.at(-1)?.text.endsWith('\n') ?? false;

const withoutFirstBreak = (run: Run): Run[] => {
  const text = run.text.replace(/^\n/, '');
  return text === '' ? [] : [{ ...run, text }];
};

const withoutLastBreak = (runs: readonly Run[]): Run[] => {
  const last = runs.at(-1);
  if (!last || !endsLine(runs)) return [...runs];
  const text = last.text.slice(0, -1);
  return [...runs.slice(0, -1), ...(text === '' ? [] : [{ ...last, text }])];
};

const elementOf = ({ text, style, isAddress }: Run): object => ({
  ...(isAddress ? { type: 'link', url: text, text } : { type: 'text', text }),
  ...(style && style !== 'block' && { style: { [style]: true } }),
});

interface Room {
  readonly raw: number;
  readonly escaped: number;
}

/** Ranges that fit, counted as they are and as they are escaped. */
const fitting = (text: string, room: Room): { start: number; end: number }[] =>
  split(text, room.raw).flatMap(({ start, end }) => {
    const piece = text.slice(start, end);
    if (escapedLength(piece) <= room.escaped) return [{ start, end }];
    return fitting(piece, { ...room, raw: Math.max(Math.floor(piece.length / 2), 1) }).map((range) => ({
      start: start + range.start,
      end: start + range.end,
    }));
  });

const escapedLength = (text: string): number => escapeMarkup(text).length;

const sound = (runs: readonly Run[]): Run[] =>
  runs.map((run) => ({ ...run, text: readable(run.text) })).filter(({ text }) => text !== '');

/** What is quoted is one line, and begins with a bar. */
const plainOf = (runs: readonly Run[]): string =>
  runs
    .map(({ text, quoted }, at) => (quoted && !runs[at - 1]?.quoted ? `${BAR}${text}` : text))
    .join('')
    .trimEnd();

const BAR = '> ';
