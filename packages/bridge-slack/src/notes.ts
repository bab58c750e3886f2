import type { Actor, EventNote, MessageNote, Note, NoteAttachment, Quote } from '@pocketping/core';
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
import { fileRuns } from './files.js';
import type { Run } from './markup.js';

type Notice = Exclude<Note, { kind: 'message' | 'messages' | 'card' | 'identity' }>;

/** Which files of messages are posts of their own. The others are lines in the text. */
export type Shows = (file: NoteAttachment) => boolean;

/**
 * What a message says, below what it answers unless its files say that already. Nothing, where they say everything.
 */
export const messageRuns = (note: MessageNote, shows: Shows): Run[] => {
  const { content, attachments = [] } = note;
  const words = attachments.length > 0 && isBlank(content) ? [] : contentRuns(content);
  const others = attachments.filter((each) => !shows(each)).map(fileRuns);
  return [
    ...(attachments.some(shows) ? [] : answeredRuns(note)),
    ...[...(words.length > 0 ? [words] : []), ...others].flatMap((line, at) =>
      at === 0 ? line : [{ text: '\n' }, ...line],
    ),
  ];
};

/** Slack knows no replies within a thread, so what a message answers stands quoted. */
export const answeredRuns = ({ replyTo }: MessageNote): Run[] => (replyTo ? quoteRuns(replyTo) : []);

/** Several messages, one below the other. Where not all are the visitor's, each says whose it is. */
export const conversationRuns = (messages: readonly MessageNote[], shows: Shows): Run[] => {
  const named = messages.some((message) => message.author.kind !== 'visitor' || isPrivate(message));
  return messages
    .filter((message) => messageRuns(message, shows).length > 0)
    .flatMap((message, at) => [
      ...(at === 0 ? [] : [{ text: '\n\n' }]),
      ...(named ? [...speakerRuns(message), { text: '\n' }] : []),
      ...messageRuns(message, shows),
    ]);
};

/** What a note that is neither a message nor about the visitor says. */
export const noticeRuns = (note: Notice): Run[] => {
  switch (note.kind) {
    case 'closed':
      return [{ text: 'Closed by ' }, nameRun(note.by)];
    case 'reopened':
      return [{ text: 'Reopened by ' }, nameRun(note.by)];
    case 'departure':
      return [{ text: 'The visitor ended the conversation. Replies no longer reach them.' }];
    case 'recap':
      return recapRuns(note.messages);
    case 'notice':
      return [{ text: note.text }];
    case 'event':
      return eventRuns(note);
  }
};

const eventRuns = (note: EventNote): Run[] => {
  const json = eventJson(note);
  return [
    { text: eventName(note), style: 'bold' },
    { text: `${eventCount(note)}\n` },
    ...(json === undefined ? [] : [{ text: `${json}\n`, preformatted: true as const }]),
    { text: '🆔 ' },
    { text: note.sessionId, style: 'code' },
  ];
};

/** The heading of what a visitor told of themselves. */
export const IDENTIFIED: readonly Run[] = [{ text: 'The visitor says who they are', style: 'italic' }];

/** A private note must not be taken for an answer. */
export const isPrivate = ({ audience }: Pick<Quote, 'audience'>): boolean => audience === 'team';

/** Who speaks and, unless it is the visitor, where. */
export const speakerRuns = (message: MessageNote): Run[] => [
  { text: `${iconOf(message)} ` },
  ...speakerNameRuns(message),
];

/** The same without the sign. */
export const speakerNameRuns = (message: MessageNote): Run[] => {
  const { author } = message;
  const via = author.kind === 'visitor' ? '' : oneLine(author.via ?? '');
  return [
    nameRun(author),
    ...(via === '' ? [] : [{ text: ` via ${shortened(via, NAME_LENGTH)}` }]),
    ...(isPrivate(message)
      ? [{ text: ' · private note, the visitor never sees it', style: 'italic' as const }]
      : []),
  ];
};

/** Characters shown of a message that another one answers. */
const QUOTE_LENGTH = 200;

const quoteRuns = (quote: Quote): Run[] => [
  { text: `${quotedNameOf(quote)}: `, style: 'bold', quoted: true },
  {
    text: shortened(isBlank(quote.content) ? NOTHING_VISIBLE : oneLine(quote.content), QUOTE_LENGTH),
    quoted: true,
  },
  { text: '\n', quoted: true },
];

const recapRuns = (messages: readonly Quote[]): Run[] => [
  { text: 'What was said before', style: 'bold' },
  ...messages.flatMap((quote): Run[] => [
    { text: '\n' },
    { text: quotedNameOf(quote), style: 'bold' },
    { text: ': ' },
    ...contentRuns(quote.content),
  ]),
];

const quotedNameOf = (quote: Quote): string =>
  `${isPrivate(quote) ? `${ICONS.private} ` : ''}${actorName(quote.author)}`;

/** Slack refuses a message in which nothing can be seen; the team should still know that there was one. */
const contentRuns = (content: string): Run[] =>
  isBlank(content) ? [{ text: NOTHING_VISIBLE, style: 'italic' }] : [{ text: content }];

const nameRun = (actor: Actor): Run => ({ text: actorName(actor), style: 'bold' });
