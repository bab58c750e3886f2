import type { Note, Part, SessionCard } from '@pocketping/core';
import { hashtagOf, type Shown, signOf } from '@pocketping/core/rendering';
import { type Run, toParts } from './markup.js';
import { jointRuns, messageRuns, toldBelowRuns, whoseRuns } from './notes.js';

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
  ...whoseRuns(note, card),
  { text: ` ${hashtagOf(card.sessionId)}` },
];

/** An incoming webhook takes words only. */
const NONE = () => false;

const bodyOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'message':
      return messageRuns(note, NONE);
    case 'messages':
      return jointRuns(note.messages, NONE);
    default:
      return toldBelowRuns(note, shown);
  }
};
