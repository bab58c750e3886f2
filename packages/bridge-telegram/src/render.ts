import type { Actor, Note, Part, Quote } from '@pocketping/core';
import { cardRuns, identityRuns, type Shown } from './card.js';
import { foreign, isBlank, oneLine, type Run, toParts } from './markup.js';
import { shortened } from './title.js';

/**
 * A note in Telegram's HTML, in as many messages as it takes. All text in a note comes from strangers and is escaped.
 * @see https://core.telegram.org/bots/api#html-style
 */
export const render = (note: Note, shown: Shown): Part[] => toParts(runsOf(note, shown));

const runsOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'card':
      return cardRuns(note.card, shown);
    case 'identity':
      return [
        { text: '🪪 ' },
        { text: 'The visitor says who they are', tag: 'i' },
        { text: '\n' },
        ...identityRuns(note.card, shown),
      ];
    case 'message':
      return messageRuns(note);
    case 'closed':
      return [{ text: '🔒 Closed by ' }, ...nameRuns(note.by)];
    case 'reopened':
      return [{ text: '🔓 Reopened by ' }, ...nameRuns(note.by)];
    case 'departure':
      return [{ text: '👋 The visitor ended the conversation. Replies no longer reach them.' }];
    case 'recap':
      return [
        { text: '📜 What was said before', tag: 'b' },
        ...note.messages.flatMap((message) => [{ text: '\n' }, ...spokenRuns(message)]),
      ];
    case 'notice':
      return [{ text: 'ℹ️ ' }, ...foreign(note.text)];
  }
};

/** The visitor's words stand alone, for they are what the topic is about. Whoever else speaks is named. Telegram itself marks what was edited. */
const messageRuns = ({ author, content, replyTo }: Extract<Note, { kind: 'message' }>): Run[] => [
  ...(author.kind === 'visitor' ? [] : [...speakerRuns(author), { text: '\n' }]),
  ...(replyTo && !replyTo.native ? quoteRuns(replyTo) : []),
  ...contentRuns(content),
];

/** Characters shown of a message that another one answers. */
const QUOTE_LENGTH = 200;

const quoteRuns = ({ author, content }: Quote): Run[] => [
  { text: `${nameOf(author)}: `, tag: 'b', quoted: true },
  ...foreign(shortened(isBlank(content) ? NOTHING_VISIBLE : content.trim(), QUOTE_LENGTH), { quoted: true }),
  { text: '\n' },
];

const spokenRuns = ({ author, content }: Quote): Run[] => [
  ...nameRuns(author),
  { text: ': ' },
  ...contentRuns(content),
];

/** Telegram refuses a message in which nothing can be seen; the team should still know that there was one. */
const contentRuns = (content: string): Run[] =>
  isBlank(content) ? [{ text: NOTHING_VISIBLE, tag: 'i' }] : foreign(content);

const NOTHING_VISIBLE = '(nothing visible)';

const speakerRuns = (author: Actor): Run[] => [
  { text: `${author.kind === 'ai' ? '🤖' : '💬'} ` },
  ...nameRuns(author),
  ...(author.via === undefined ? [] : [{ text: ' via ' }, ...foreign(oneLine(author.via))]),
];

const nameRuns = (actor: Actor): Run[] => foreign(nameOf(actor), { tag: 'b' });

const nameOf = ({ kind, name }: Actor): string => shortened(oneLine(name ?? ''), 64) || UNNAMED[kind];

const UNNAMED: Readonly<Record<Actor['kind'], string>> = {
  visitor: 'Visitor',
  operator: 'Operator',
  apiKey: 'Website',
  ai: 'AI',
  system: 'PocketPing',
};
