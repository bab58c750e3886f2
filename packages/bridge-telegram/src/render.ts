import type { MessageNote, Note, Part } from '@pocketping/core';
import type { Shown } from '@pocketping/core/rendering';
import { ICONS } from '@pocketping/core/rendering';
import { detailLines, lines, siteLines, visitorLine } from './card.js';
import { type Run, toCaption, toParts } from './markup.js';
import { conversationRuns, IDENTIFIED, noticeRuns, type Post, postsOf, speakerRuns } from './notes.js';

/**
 * A note for the topic of its conversation, in Telegram's HTML, in as many messages as it takes. All text in a note
 * comes from strangers and is escaped.
 * @see https://core.telegram.org/bots/api#html-style
 */
export const render = (note: Note, shown: Shown): Part[] => {
  if (note.kind === 'message') return messagePosts(note).flatMap(partsOf);
  const files =
    note.kind === 'messages' ? note.messages.flatMap(messagePosts).filter(({ file }) => file) : [];
  return [...files, { runs: runsOf(note, shown) }].flatMap(partsOf);
};

const partsOf = ({ file, runs }: Post): Part[] => (file ? [{ file, ...toCaption(runs) }] : toParts(runs));

/** The visitor's words stand alone, for they are what the topic is about. Telegram itself marks what was edited. */
const messagePosts = (note: MessageNote): Post[] =>
  note.author.kind === 'visitor'
    ? postsOf(note)
    : postsOf(note).map(({ runs, ...post }) => ({ ...post, runs: lines([speakerRuns(note), runs]) }));

const runsOf = (note: Exclude<Note, MessageNote>, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'messages':
      return conversationRuns(note.messages);
    case 'card':
      return lines([
        [{ text: `${ICONS.visitor} ` }, ...visitorLine(note.card)],
        ...detailLines(note.card, shown),
        [{ text: '🆔 ' }, { text: note.card.sessionId, tag: 'code' }],
      ]);
    case 'identity':
      return lines([
        [{ text: `${ICONS.identity} ` }, ...IDENTIFIED],
        [{ text: `${ICONS.visitor} ` }, ...visitorLine(note.card)],
        ...(shown.showMetadata ? siteLines(note.card.identity) : []),
      ]);
    default:
      return [{ text: `${ICONS[note.kind]} ` }, ...noticeRuns(note)];
  }
};
