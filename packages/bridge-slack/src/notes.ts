import type { MessageNote, NoteAttachment } from '@pocketping/core';
import {
  actorName,
  ICONS,
  isBlank,
  NOTHING_VISIBLE,
  noteWords,
  oneLine,
  QUOTE_LENGTH,
  shortened,
} from '@pocketping/core/rendering';
import { fileRuns } from './files.js';
import type { Run } from './markup.js';
import { pen } from './pen.js';

const { wordsRuns, conversationRuns, ...words } = noteWords(pen);

export const { speakerRuns, toldRuns, toldBelowRuns, whoseRuns } = words;

/** Which files of messages are posts of their own. The others are lines in the text. */
export type Shows = (file: NoteAttachment) => boolean;

/**
 * What a message says, below what it answers unless its files say that already. Nothing, where they say everything.
 */
export const messageRuns = (note: MessageNote, shows: Shows): Run[] => {
  const { attachments = [] } = note;
  return [
    ...(attachments.some(shows) ? [] : answeredRuns(note)),
    ...wordsRuns(note, attachments.filter((each) => !shows(each)).map(fileRuns)),
  ];
};

/** Several messages in one post. */
export const jointRuns = (messages: readonly MessageNote[], shows: Shows): Run[] =>
  conversationRuns(messages, (message) => messageRuns(message, shows));

/**
 * Slack knows no replies within a thread, so what a message answers stands quoted. In one line, for without markup a bar
 * stands only where the quotation begins.
 */
export const answeredRuns = ({ replyTo }: MessageNote): Run[] => {
  if (!replyTo) return [];
  const { author, content, audience } = replyTo;
  const sign = audience === 'team' ? `${ICONS.private} ` : '';
  const said = shortened(isBlank(content) ? NOTHING_VISIBLE : oneLine(content), QUOTE_LENGTH);
  return [
    { text: `${sign}${actorName(author)}: `, style: 'bold', quoted: true },
    { text: said, quoted: true },
    { text: '\n', quoted: true },
  ];
};
