import type { MessageNote, Note, Part, SessionCard } from '@pocketping/core';
import { hashtagOf, messagesIn, type Run, type Shown, signOf } from '@pocketping/core/rendering';
import type { Mark } from './mark.js';
import { toMarkedCaption, toMarkedParts } from './markup.js';
import { jointRuns, type Post, postsOf, toldBelowRuns, whoseRuns } from './notes.js';

/**
 * A note for a chat in which several conversations stand side by side: each of its messages begins with whose
 * conversation it is, and carries the mark.
 * @param card the conversation that the note belongs to
 */
export const renderMarked = (note: Note, card: SessionCard, shown: Shown, mark: Mark): Part[] => {
  const partsOf = (of: Note, { file, runs }: Post): Part[] => {
    const heading = headingOf(of, 'card' in of ? of.card : card, mark);
    return file ? [{ file, ...toMarkedCaption(heading, runs, mark) }] : toMarkedParts(heading, runs, mark);
  };
  const messageParts = (message: MessageNote) => postsOf(message).flatMap((post) => partsOf(message, post));
  if (note.kind === 'message') return messageParts(note);
  const files = messagesIn(note)
    .flatMap(messageParts)
    .filter(({ file }) => file);
  const runs = note.kind === 'messages' ? jointRuns(note.messages) : toldBelowRuns(note, shown);
  return [...files, ...partsOf(note, { runs })];
};

/** E.g. `👤 Ada #c7k3f9`, or `💬 Bob via support-discord → Ada #c7k3f9` where it is not Ada who speaks. */
const headingOf = (note: Note, card: SessionCard, { link }: Mark): Run[] => [
  { text: signOf(note), href: link },
  { text: ' ' },
  ...whoseRuns(note, card),
  // Telegram makes it tappable. @see https://telegram.org/blog/edit#hashtags
  { text: ` ${hashtagOf(card.sessionId)}` },
];
