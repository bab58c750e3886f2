import type { NoteAttachment, Part } from '@pocketping/core';
import { between, isBlank, type Run, readable, split, textOf } from '@pocketping/core/rendering';
import { MESSAGE_LENGTH } from './limits.js';
import type { Mark } from './mark.js';

/** What a message consists of, as Discord takes it. A part's `markup` is this as JSON. */
export interface Body {
  readonly content: string;
  readonly embeds: readonly Embed[];
  readonly flags: number;
}

/** @see https://discord.com/developers/docs/resources/message#embed-object */
export interface Embed {
  readonly description: string;
  readonly color: number;
  readonly footer?: { readonly text: string };
}

/** No previews of what strangers link to. @see https://discord.com/developers/docs/resources/message#message-object-message-flags */
const SUPPRESS_EMBEDS = 1 << 2;

/** How a card looks: the bar on its left, and what stands below it. */
export type Frame = Omit<Embed, 'description'>;

/** What a part says when it is posted; plainly, it is its text and nothing else. */
export const bodyOf = (part: Part, plain: boolean): Body =>
  plain ? words(toMarkdown([{ text: part.plain }])) : (JSON.parse(part.markup) as Body);

/** The runs as messages; several when they are too long for one. Blank messages are left out, for Discord refuses them. */
export const toParts = (runs: readonly Run[], frame?: Frame): Part[] =>
  pieces(runs, MESSAGE_LENGTH).map((piece) =>
    partOf(frame ? framed('', piece, frame) : words(toMarkdown(piece)), textOf(piece)),
  );

/** The runs as messages, each below a caption and with a mark. Without anything to say the caption stands alone. */
export const toMarkedParts = (
  caption: readonly Run[],
  runs: readonly Run[],
  mark: Mark | undefined,
  frame?: Frame,
): Part[] => {
  const head = sound(caption);
  const line = mark?.line ?? '';
  const below: Run[] = [...head, { text: '\n' }];
  const room = MESSAGE_LENGTH - costOf([...below, { text: line }]);
  const bodies = pieces(runs, room);
  if (bodies.length === 0) return [partOf(words(toMarkdown(head)), `${textOf(head)}${line}`)];
  return bodies.map((body) => {
    const message = [...below, ...body];
    return partOf(
      frame ? framed(toMarkdown(head), body, frame) : words(toMarkdown(message)),
      `${textOf(message).trimEnd()}${line}`,
    );
  });
};

/** A message that shows a file, below what is said of it. */
export const withFile = (caption: Part | undefined, file: NoteAttachment): Part => ({
  ...(caption ?? partOf(words(''), '')),
  file,
});

/**
 * Runs in Discord's markdown. Every sign that could mean something to it is escaped: formatting, mentions, links with
 * hidden text, custom emoji, and what begins a heading, a list or a quotation. An address stays one, for it shows where it leads.
 * @see https://discord.com/developers/docs/reference#message-formatting
 */
export const toMarkdown = (runs: readonly Run[]): string => {
  let markdown = '';
  for (const run of runs) {
    // A block of code, in which lines mean nothing.
    if (run.style === 'block') {
      markdown += decorated(run.text, run.style);
      continue;
    }
    for (const [at, line] of run.text.split('\n').entries()) {
      if (at > 0) markdown += '\n';
      const begins = markdown === '' || markdown.endsWith('\n');
      if (begins && run.quoted) markdown += '> ';
      markdown += styled({ ...run, text: line }, begins);
    }
  }
  // A quotation ends where a line is not quoted.
  return markdown.replace(/\n> $/, '\n');
};

const styled = ({ text, style, href }: Run, beginsLine: boolean): string => {
  if (text === '') return '';
  const inner = style === undefined ? escapeAround(text, beginsLine) : decorated(text, style);
  return href === undefined ? inner : `[${inner}](<${href}>)`;
};

const decorated = (text: string, style: NonNullable<Run['style']>): string => {
  switch (style) {
    case 'bold':
      return `**${escaped(text)}**`;
    case 'italic':
      return `*${escaped(text)}*`;
    case 'code':
      return `\`${withoutBackticks(text)}\``;
    // The only blocks are of JSON.
    case 'block':
      return `\`\`\`json\n${withoutBackticks(text)}\n\`\`\``;
  }
};

/** Code ends at the first of them, and there is no way to escape one in it. */
const withoutBackticks = (text: string): string => text.replaceAll('`', 'ˋ');

const escapeAround = (text: string, beginsLine: boolean): string => {
  let markdown = '';
  let at = 0;
  for (const { index, 0: address } of text.matchAll(ADDRESS)) {
    markdown += `${escaped(text.slice(at, index))}<${address}>`;
    at = index + address.length;
  }
  markdown += escaped(text.slice(at));
  return beginsLine ? markdown.replace(LIST, '$1\\$2') : markdown;
};

/** What is no address in brackets is none: in one, backslashes would be a part of it, and stay. */
const escaped = (text: string): string => text.replace(MEANINGFUL, '\\$&');

const MEANINGFUL = /[\\*_~`|[\]<>#@]|:(?=\/\/)/g;

/** What begins an item of a list. */
const LIST = /^(\s*\d*)([-.](?=\s))/;

/** An address, as far as it can stand between angle brackets. There it ends for certain, and nothing in it means anything. */
const ADDRESS = /https?:\/\/[^\s<>]+[^\s<>.,:;"'\])]/g;

const words = (content: string): Body => ({ content, embeds: [], flags: SUPPRESS_EMBEDS });

const framed = (content: string, piece: readonly Run[], frame: Frame): Body => ({
  content,
  embeds: [{ description: toMarkdown(piece), ...frame }],
  flags: 0,
});

const partOf = (body: Body, plain: string): Part => ({ markup: JSON.stringify(body), plain });

/** Cuts runs so that each piece fits, in markup and without. */
const pieces = (runs: readonly Run[], length: number): Run[][] => {
  const all = sound(runs);
  const text = textOf(all);
  return split(text, length, (start, end) => costOf(between(all, start, end)))
    .filter(({ start, end }) => !isBlank(text.slice(start, end)))
    .map(({ start, end }) => between(all, start, end));
};

/** Characters that runs take at most. Discord counts code points, which are never more than code units. */
const costOf = (runs: readonly Run[]): number =>
  Math.max(toMarkdown(runs).length, toMarkdown([{ text: textOf(runs) }]).length);

const sound = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, text: readable(run.text) }));
