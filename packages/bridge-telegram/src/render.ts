import type { MessageNote, Note, Part } from '@pocketping/core';
import { isVisitors, lines, messagesIn, type Run, type Shown, sessionLine } from '@pocketping/core/rendering';
import { toCaption, toParts } from './markup.js';
import { jointRuns, type Post, postsOf, speakerRuns, toldRuns } from './notes.js';

/**
 * A note for the topic of its conversation, in Telegram's HTML, in as many messages as it takes. All text in a note
 * comes from strangers and is escaped.
 * @see https://core.telegram.org/bots/api#html-style
 */
export const render = (note: Note, shown: Shown): Part[] => {
  if (note.kind === 'message') return messagePosts(note).flatMap(partsOf);
  const files = messagesIn(note)
    .flatMap(messagePosts)
    .filter(({ file }) => file);
  return [...files, { runs: runsOf(note, shown) }].flatMap(partsOf);
};

const partsOf = ({ file, runs }: Post): Part[] => (file ? [{ file, ...toCaption(runs) }] : toParts(runs));

/** The visitor's words stand alone, for they are what the topic is about. Telegram itself marks what was edited. */
const messagePosts = (note: MessageNote): Post[] =>
  isVisitors(note)
    ? postsOf(note)
    : postsOf(note).map(({ runs, ...post }) => ({ ...post, runs: lines([speakerRuns(note), runs]) }));

const runsOf = (note: Exclude<Note, MessageNote>, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'messages':
      return jointRuns(note.messages);
    case 'card':
      return lines([toldRuns(note, shown), sessionLine(note.card.sessionId)]);
    default:
      return toldRuns(note, shown);
  }
};
