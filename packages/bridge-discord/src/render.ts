import type { MessageNote, Note, Part, SessionCard } from '@pocketping/core';
import {
  ICONS,
  isVisitors,
  lines,
  messagesIn,
  type Run,
  type Shown,
  visitorCard,
} from '@pocketping/core/rendering';
import { isTaken } from './files.js';
import { type Frame, toParts, withFile } from './markup.js';
import { answeredRuns, jointRuns, messageRuns, speakerRuns, toldRuns } from './notes.js';
import { colorOf } from './title.js';

/**
 * A note for the thread of its conversation, in as many messages as it takes: cards as embeds, everything else as
 * words. All text in a note comes from strangers and is escaped.
 */
export const render = (note: Note, shown: Shown): Part[] => {
  const isCard = note.kind === 'card' || note.kind === 'identity';
  return [
    ...messagesIn(note).flatMap(filePartsOf),
    ...toParts(runsOf(note, shown), isCard ? frameOf(note.card) : undefined),
  ];
};

/** Whose file it is, as far as it is not the visitor's. The first one says what the message answers, too. */
const filePartsOf = (note: MessageNote): Part[] =>
  (note.attachments ?? []).filter(isTaken).map((file, at) => {
    const speaker = isVisitors(note) ? [] : speakerRuns(note);
    const answered = at === 0 ? answeredRuns(note) : [];
    return withFile(toParts(lines([speaker, answered]))[0], file);
  });

/** How cards of a conversation look. */
export const frameOf = (card: SessionCard, withId = true): Frame => ({
  color: colorOf(card),
  ...(withId && { footer: { text: card.sessionId } }),
});

/** The words with which a forum post begins, which Discord does not let be empty. */
export const openingRuns = (card: SessionCard): Run[] => [
  { text: `${ICONS.visitor} ` },
  ...visitorCard().visitorLine(card),
];

const runsOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    // The visitor's words stand alone, for they are what the thread is about. Discord itself marks what was edited.
    case 'message':
      return isVisitors(note) || messageRuns(note).length === 0
        ? messageRuns(note)
        : [...speakerRuns(note), { text: '\n' }, ...messageRuns(note)];
    case 'messages':
      return jointRuns(note.messages);
    default:
      return toldRuns(note, shown);
  }
};
