import type { Note, Part, SessionCard } from '@pocketping/core';
import { ICONS, iconOf, NAME_LENGTH, type Shown, shortened, visitorName } from '@pocketping/core/rendering';
import { contactLine, detailLines, lines, siteLines } from './card.js';
import { type Run, toParts } from './markup.js';
import {
  conversationRuns,
  IDENTIFIED,
  isPrivate,
  messageRuns,
  noticeRuns,
  speakerNameRuns,
} from './notes.js';
import { tagOf } from './title.js';

/**
 * A note for a channel in which several conversations stand side by side: each of its messages begins with whose
 * conversation it is.
 * @param card the conversation that the note belongs to
 */
export const renderMarked = (note: Note, card: SessionCard, shown: Shown): Part[] => {
  const caption = captionOf(note, 'card' in note ? note.card : card);
  const body = bodyOf(note, shown);
  return body.length === 0 ? toParts(caption) : toParts(body, [...caption, { text: '\n' }]);
};

/** E.g. `👤 Ada #c7k3f9`, or `💬 Bob via discord → Ada #c7k3f9` where it is not Ada who speaks. */
const captionOf = (note: Note, card: SessionCard): Run[] => [
  { text: `${signOf(note)} ` },
  ...(note.kind === 'message' && (note.author.kind !== 'visitor' || isPrivate(note))
    ? [...speakerNameRuns(note), { text: ' → ' }]
    : []),
  { text: shortened(visitorName(card), NAME_LENGTH), style: 'bold' },
  { text: ` ${tagOf(card.sessionId)}` },
];

const signOf = (note: Note): string => {
  switch (note.kind) {
    case 'message':
      return iconOf(note);
    case 'messages':
      return ICONS.visitor;
    case 'card':
      return '🆕';
    default:
      return ICONS[note.kind];
  }
};

/** An incoming webhook takes words only. */
const NONE = () => false;

const bodyOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'message':
      return messageRuns(note, NONE);
    case 'messages':
      return conversationRuns(note.messages, NONE);
    case 'card':
      return lines([contactLine(note.card), ...detailLines(note.card, shown)]);
    case 'identity':
      return lines([
        IDENTIFIED,
        contactLine(note.card),
        ...(shown.showMetadata ? siteLines(note.card.identity) : []),
      ]);
    default:
      return noticeRuns(note);
  }
};
