import type { MessageNote } from '@pocketping/core';
import { noteWords, type Run } from '@pocketping/core/rendering';
import { fileRuns, isTaken } from './files.js';

const { wordsRuns, quoteRuns, conversationRuns, ...words } = noteWords();

export const { speakerRuns, toldRuns, toldBelowRuns, whoseRuns } = words;

/**
 * What a message says, below what it answers unless its files say that already. Nothing, where they say everything.
 * @param native the post can be a native reply, which shows that by itself
 */
export const messageRuns = (note: MessageNote, native = true): Run[] => {
  const { attachments = [] } = note;
  return [
    ...(attachments.some(isTaken) ? [] : answeredRuns(note, native)),
    ...wordsRuns(note, attachments.filter((each) => !isTaken(each)).map(fileRuns)),
  ];
};

/** What a message answers, unless the post shows that by itself. */
export const answeredRuns = ({ replyTo }: MessageNote, native = true): Run[] =>
  replyTo && !(native && replyTo.native) ? [...quoteRuns(replyTo), { text: '\n' }] : [];

/** Several messages in one post. */
export const jointRuns = (messages: readonly MessageNote[], native = true): Run[] =>
  conversationRuns(messages, (message) => messageRuns(message, native));
