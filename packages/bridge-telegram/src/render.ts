import type { Note, Part } from '@pocketping/core';
import { detailLines, lines, type Shown, siteLines, visitorLine } from './card.js';
import { foreign, type Run, toParts } from './markup.js';
import {
  closedRuns,
  conversationRuns,
  departureRuns,
  ICONS,
  messageRuns,
  recapRuns,
  reopenedRuns,
  speakerRuns,
} from './notes.js';

/**
 * A note for the topic of its conversation, in Telegram's HTML, in as many messages as it takes. All text in a note
 * comes from strangers and is escaped.
 * @see https://core.telegram.org/bots/api#html-style
 */
export const render = (note: Note, shown: Shown): Part[] => toParts(runsOf(note, shown));

const runsOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    // The visitor's words stand alone, for they are what the topic is about. Telegram itself marks what was edited.
    case 'message':
      return note.author.kind === 'visitor'
        ? messageRuns(note)
        : [...speakerRuns(note.author), { text: '\n' }, ...messageRuns(note)];
    case 'messages':
      return conversationRuns(note.messages);
    default:
      return [{ text: `${ICONS[note.kind]} ` }, ...told(note, shown)];
  }
};

const told = (note: Exclude<Note, { kind: 'message' | 'messages' }>, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'card':
      return lines([
        visitorLine(note.card),
        ...detailLines(note.card, shown),
        [{ text: '🆔 ' }, { text: note.card.sessionId, tag: 'code' }],
      ]);
    case 'identity':
      return lines([
        [{ text: 'The visitor says who they are', tag: 'i' }],
        [{ text: `${ICONS.card} ` }, ...visitorLine(note.card)],
        ...(shown.showMetadata ? siteLines(note.card.identity) : []),
      ]);
    case 'closed':
      return closedRuns(note.by);
    case 'reopened':
      return reopenedRuns(note.by);
    case 'departure':
      return departureRuns();
    case 'recap':
      return recapRuns(note.messages);
    case 'notice':
      return foreign(note.text);
  }
};
