import type { Note, Part } from '@pocketping/core';
import { detailLines, lines, type Shown, siteLines, visitorLine } from './card.js';
import { type Run, toParts } from './markup.js';
import {
  conversationRuns,
  ICONS,
  IDENTIFIED,
  isPrivate,
  messageRuns,
  noticeRuns,
  speakerRuns,
} from './notes.js';

/** A note for the thread of its conversation, in Block Kit, in as many messages as it takes. All text in a note comes from strangers. */
export const render = (note: Note, shown: Shown): Part[] => toParts(runsOf(note, shown));

const runsOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    // The visitor's words stand alone, for they are what the thread is about. Slack itself marks what was edited.
    case 'message':
      return note.author.kind === 'visitor' && !isPrivate(note)
        ? messageRuns(note)
        : [...speakerRuns(note), { text: '\n' }, ...messageRuns(note)];
    case 'messages':
      return conversationRuns(note.messages);
    case 'card':
      return lines([
        [{ text: `${ICONS.visitor} ` }, ...visitorLine(note.card)],
        ...detailLines(note.card, shown),
        [{ text: '🆔 ' }, { text: note.card.sessionId, style: 'code' }],
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
