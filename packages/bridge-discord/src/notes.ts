import type { Actor, EventNote, MessageNote, Note, Quote } from '@pocketping/core';
import {
  actorName,
  eventCount,
  eventJson,
  eventName,
  ICONS,
  iconOf,
  isBlank,
  NAME_LENGTH,
  NOTHING_VISIBLE,
  oneLine,
  shortened,
} from '@pocketping/core/rendering';
import { fileRuns, isTaken } from './files.js';
import { foreign, type Run } from './markup.js';

type Notice = Exclude<Note, { kind: 'message' | 'messages' | 'card' | 'identity' }>;

/**
 * What a message says, below what it answers unless its files say that already. Nothing, where they say everything.
 * @param native the post can be a native reply, which shows that by itself
 */
export const messageRuns = (note: MessageNote, native = true): Run[] => {
  const { content, attachments = [] } = note;
  const words = attachments.length > 0 && isBlank(content) ? [] : contentRuns(content);
  const untaken = attachments.filter((each) => !isTaken(each)).map(fileRuns);
  return [
    ...(attachments.some(isTaken) ? [] : answeredRuns(note, native)),
    ...[...(words.length > 0 ? [words] : []), ...untaken].flatMap((line, at) =>
      at === 0 ? line : [{ text: '\n' }, ...line],
    ),
  ];
};

/** What a message answers, unless the post shows that by itself. */
export const answeredRuns = ({ replyTo }: MessageNote, native = true): Run[] =>
  replyTo && !(native && replyTo.native) ? quoteRuns(replyTo) : [];

/** Several messages, one below the other. Where not all are the visitor's, each says whose it is. */
export const conversationRuns = (messages: readonly MessageNote[], native = true): Run[] => {
  const named = messages.some(({ author }) => author.kind !== 'visitor');
  return messages
    .filter((message) => messageRuns(message, native).length > 0)
    .flatMap((message, at) => [
      ...(at === 0 ? [] : [{ text: '\n\n' }]),
      ...(named ? [...speakerRuns(message), { text: '\n' }] : []),
      ...messageRuns(message, native),
    ]);
};

/** What a note that is neither a message nor about the visitor says. */
export const noticeRuns = (note: Notice): Run[] => {
  switch (note.kind) {
    case 'closed':
      return [{ text: 'Closed by ' }, ...nameRuns(note.by)];
    case 'reopened':
      return [{ text: 'Reopened by ' }, ...nameRuns(note.by)];
    case 'departure':
      return [{ text: 'The visitor ended the conversation. Replies no longer reach them.' }];
    case 'recap':
      return recapRuns(note.messages);
    case 'notice':
      return foreign(note.text);
    case 'event':
      return eventRuns(note);
  }
};

const eventRuns = (note: EventNote): Run[] => {
  const json = eventJson(note);
  return [
    { text: eventName(note), tag: 'b' },
    { text: `${eventCount(note)}\n` },
    ...(json === undefined ? [] : [{ text: json, tag: 'json' as const }, { text: '\n' }]),
    { text: '🆔 ' },
    { text: note.sessionId, tag: 'code' },
  ];
};

/** The heading of what a visitor told of themselves. */
export const IDENTIFIED: readonly Run[] = [{ text: 'The visitor says who they are', tag: 'i' }];

type Speech = Pick<Quote, 'author' | 'audience'>;

/** Who speaks and, unless it is the visitor, where. */
export const speakerRuns = (speech: Speech): Run[] => [
  { text: `${iconOf(speech)} ` },
  ...speakerNameRuns(speech),
];

/** The same without the sign. */
export const speakerNameRuns = ({ author, audience }: Speech): Run[] => [
  ...(audience === 'team' ? PRIVATELY : []),
  ...nameRuns(author),
  ...(author.kind === 'visitor' || author.via === undefined
    ? []
    : [{ text: ' via ' }, ...foreign(shortened(oneLine(author.via), NAME_LENGTH))]),
];

/** What nobody should take for an answer to the visitor. */
const PRIVATELY: readonly Run[] = [{ text: 'Private note', tag: 'i' }, { text: ' by ' }];

/** Characters shown of a message that another one answers. */
const QUOTE_LENGTH = 200;

const quoteRuns = ({ author, content, audience }: Quote): Run[] => [
  ...(audience === 'team' ? [{ text: `${ICONS.private} Private note by `, quoted: true as const }] : []),
  { text: `${actorName(author)}: `, tag: 'b', quoted: true },
  ...foreign(shortened(isBlank(content) ? NOTHING_VISIBLE : content.trim(), QUOTE_LENGTH), { quoted: true }),
  { text: '\n' },
];

const recapRuns = (messages: readonly Quote[]): Run[] => [
  { text: 'What was said before', tag: 'b' },
  ...messages.flatMap(({ author, content, audience }) => [
    { text: audience === 'team' ? `\n${ICONS.private} ` : '\n' },
    ...(audience === 'team' ? PRIVATELY : []),
    ...nameRuns(author),
    { text: ': ' },
    ...contentRuns(content),
  ]),
];

/** Discord refuses a message in which nothing can be seen; the team should still know that there was one. */
const contentRuns = (content: string): Run[] =>
  isBlank(content) ? [{ text: NOTHING_VISIBLE, tag: 'i' }] : foreign(content);

const nameRuns = (actor: Actor): Run[] => foreign(actorName(actor), { tag: 'b' });
