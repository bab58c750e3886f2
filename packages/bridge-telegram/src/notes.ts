import type { Actor, EventNote, Note, NoteAttachment, Quote } from '@pocketping/core';
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
  readable,
  shortened,
  textOf,
} from '@pocketping/core/rendering';
import { attachmentRuns, isTaken } from './attachment.js';
import { lines } from './card.js';
import { withoutRemoved } from './live.js';
import { foreign, type Run } from './markup.js';

type MessageNote = Extract<Note, { kind: 'message' }>;
type Notice = Exclude<Note, { kind: 'message' | 'messages' | 'card' | 'identity' }>;

/** One post of a message: a file with what stands below it, or words. */
export interface Post {
  readonly file?: NoteAttachment;
  readonly runs: readonly Run[];
}

/**
 * A message, post by post: each file that Telegram takes, then the words, if there are any. What it answers stands in
 * the first, so that a change of the words changes only the posts of the words.
 */
export const postsOf = (note: MessageNote): Post[] => {
  const files = (note.attachments ?? []).filter(isTaken).map((file): Post => ({ file, runs: [] }));
  const words = wordsRuns(note);
  const [first, ...others] = words.length > 0 ? [...files, { runs: words }] : files;
  return first ? [{ ...first, runs: lines([answeredRuns(note), first.runs]) }, ...others] : [];
};

/** What a message says, below what it answers. */
const messageRuns = (note: MessageNote): Run[] => lines([answeredRuns(note), wordsRuns(note)]);

const answeredRuns = ({ replyTo }: MessageNote): Run[] =>
  replyTo && !replyTo.native ? quoteRuns(replyTo) : [];

/** Its own words, and the files that are not posted. */
const wordsRuns = ({ content, attachments = [] }: MessageNote): Run[] =>
  lines([
    ...(attachments.length > 0 && isBlank(content) ? [] : [contentRuns(content)]),
    ...attachments.filter((each) => !isTaken(each)).map(attachmentRuns),
  ]);

/** Several messages, one below the other. Where not all are the visitor's, each says whose it is. */
export const conversationRuns = (messages: readonly MessageNote[]): Run[] => {
  const named = messages.some(({ author }) => author.kind !== 'visitor');
  return messages.flatMap((message, at) => [
    ...(at === 0 ? [] : [{ text: '\n\n' }]),
    ...(named ? [...speakerRuns(message), { text: '\n' }] : []),
    ...messageRuns(message),
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

/** Telegram brings nothing to life in a block of code. */
const eventRuns = (note: EventNote): Run[] => {
  const json = eventJson(note);
  return lines([
    [...foreign(eventName(note), { tag: 'b' }), { text: eventCount(note) }],
    ...(json === undefined ? [] : [[{ text: withoutRemoved(readable(json)), tag: 'pre' as const }]]),
    [{ text: '🆔 ' }, { text: note.sessionId, tag: 'code' as const }],
  ]);
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
  ...foreign(`${actorName(author)}: `, { tag: 'b', quoted: true }),
  ...foreign(shortened(isBlank(content) ? NOTHING_VISIBLE : content.trim(), QUOTE_LENGTH), { quoted: true }),
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

/** Telegram refuses a message in which nothing can be seen; the team should still know that there was one. */
const contentRuns = (content: string): Run[] => {
  const runs = foreign(content);
  return isBlank(textOf(runs)) ? [{ text: NOTHING_VISIBLE, tag: 'i' }] : runs;
};

const nameRuns = (actor: Actor): Run[] => foreign(actorName(actor), { tag: 'b' });
