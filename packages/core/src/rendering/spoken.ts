import type { Actor } from '../model/index.js';
import type { MessageNote, Quote } from '../ports/index.js';
import { asItIs, type Penmanship, type Privately } from './penmanship.js';
import { lines, type Run, textOf } from './runs.js';
import {
  actorName,
  ICONS,
  iconOf,
  isVisitors,
  NAME_LENGTH,
  NOTHING_VISIBLE,
  QUOTE_LENGTH,
  type Speech,
} from './speech.js';
import { shortened } from './split.js';
import { isBlank, oneLine } from './text.js';

/** What people said, and who they are. */
export interface Spoken {
  /** The sign of whoever speaks, their name and, unless it is the visitor, where they are. */
  speakerRuns(speech: Speech): Run[];
  /**
   * A message's own words, above other lines of it, e.g. about files that are not shown. Nothing, where there are neither
   * and its files say everything.
   */
  wordsRuns(message: MessageNote, below: readonly (readonly Run[])[]): Run[];
  /** The beginning of what a message answers, and who said it. */
  quoteRuns(quote: Quote): Run[];
  /**
   * Several messages, one below the other. Where not all are the visitor's, each says whose it is.
   * @param said what each says; those that say nothing are left out
   */
  conversationRuns(messages: readonly MessageNote[], said: (message: MessageNote) => Run[]): Run[];
}

/** The same in pieces, for notes that name people. */
interface Pieces extends Spoken {
  nameRuns(actor: Actor): Run[];
  /** Who speaks, without the sign. */
  speakerNameRuns(speech: Speech): Run[];
  /** Whose words they were. */
  citedNameRuns(speech: Speech): Run[];
  contentRuns(content: string): Run[];
}

export const spoken = ({ theirs = asItIs, privately = NOTE_BY }: Penmanship): Pieces => {
  const nameRuns = (actor: Actor) => theirs(actorName(actor), { style: 'bold' });
  const speakerNameRuns = ({ author, audience }: Speech): Run[] => {
    const via = author.kind === 'visitor' ? '' : oneLine(author.via ?? '');
    const where = via === '' ? [] : [{ text: ' via ' }, ...theirs(shortened(via, NAME_LENGTH))];
    const name = [...nameRuns(author), ...where];
    return audience === 'team' ? privately.speaker(name) : name;
  };
  const speakerRuns = (speech: Speech) => [{ text: `${iconOf(speech)} ` }, ...speakerNameRuns(speech)];
  /** Platforms refuse a message in which nothing can be seen; the team should still know that there was one. */
  const contentRuns = (content: string): Run[] => {
    const runs = theirs(content);
    return isBlank(textOf(runs)) ? [{ text: NOTHING_VISIBLE, style: 'italic' }] : runs;
  };
  return {
    nameRuns,
    speakerNameRuns,
    speakerRuns,
    contentRuns,
    citedNameRuns: ({ author, audience }) =>
      audience === 'team' ? privately.cited(nameRuns(author)) : nameRuns(author),
    wordsRuns: ({ content, attachments = [] }, below) =>
      lines([...(attachments.length > 0 && isBlank(content) ? [] : [contentRuns(content)]), ...below]),
    quoteRuns: ({ author, content, audience }) => {
      const said = shortened(isBlank(content) ? NOTHING_VISIBLE : content.trim(), QUOTE_LENGTH);
      const sign = { text: `${ICONS.private} Private note by `, quoted: true as const };
      return [
        ...(audience === 'team' ? [sign] : []),
        ...theirs(`${actorName(author)}: `, { style: 'bold', quoted: true }),
        ...theirs(said, { quoted: true }),
      ];
    },
    conversationRuns: (messages, said) => {
      const named = !messages.every(isVisitors);
      return messages
        .map((message) => ({ message, runs: said(message) }))
        .filter(({ runs }) => runs.length > 0)
        .flatMap(({ message, runs }, at) => [
          ...(at === 0 ? [] : [{ text: '\n\n' }]),
          ...(named ? [...speakerRuns(message), { text: '\n' }] : []),
          ...runs,
        ]);
    },
  };
};

const NOTE_BY: Privately = {
  speaker: (name) => [{ text: 'Private note', style: 'italic' }, { text: ' by ' }, ...name],
  cited: (name) => [{ text: `${ICONS.private} ` }, ...NOTE_BY.speaker(name)],
};
