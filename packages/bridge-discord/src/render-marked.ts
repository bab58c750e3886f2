import type { MessageNote, Note, Part, SessionCard } from '@pocketping/core';
import { hashtagOf, messagesIn, type Run, type Shown, signOf } from '@pocketping/core/rendering';
import { isTaken } from './files.js';
import type { Mark } from './mark.js';
import { toMarkedParts, withFile } from './markup.js';
import { answeredRuns, jointRuns, messageRuns, toldBelowRuns, whoseRuns } from './notes.js';
import { frameOf } from './render.js';

/** What a channel without threads can do. */
export interface Ground {
  /** Of the conversation; absent where nobody is heard, so that nothing needs to be traced back. */
  readonly mark?: Mark;
  /** Posts can be native replies. */
  readonly native: boolean;
}

/**
 * A note for a channel in which several conversations stand side by side: each of its messages begins with whose
 * conversation it is, and carries the mark.
 * @param card the conversation that the note belongs to
 */
export const renderMarked = (note: Note, card: SessionCard, shown: Shown, ground: Ground): Part[] => {
  const isCard = note.kind === 'card' || note.kind === 'identity';
  const caption = captionOf(note, isCard ? note.card : card, ground);
  const files = messagesIn(note).flatMap((message) => filePartsOf(message, card, ground));
  const body = bodyOf(note, shown, ground);
  if (files.length > 0 && body.length === 0) return files;
  const frame = isCard ? frameOf(note.card, false) : undefined;
  return [...files, ...toMarkedParts(caption, body, ground.mark, frame)];
};

const filePartsOf = (note: MessageNote, card: SessionCard, ground: Ground): Part[] =>
  (note.attachments ?? []).filter(isTaken).map((file, at) => {
    const answered = at === 0 ? answeredRuns(note, ground.native) : [];
    return withFile(toMarkedParts(captionOf(note, card, ground), answered, ground.mark)[0], file);
  });

/** E.g. `👤 Ada #c7k3f9`, or `💬 Bob via support-telegram → Ada #c7k3f9` where it is not Ada who speaks. */
const captionOf = (note: Note, card: SessionCard, { mark }: Ground): Run[] => [
  { text: signOf(note), ...(mark && { href: mark.link }) },
  { text: ' ' },
  ...whoseRuns(note, card),
  { text: ' ' },
  { text: hashtagOf(card.sessionId), style: 'code' },
];

const bodyOf = (note: Note, shown: Shown, { native }: Ground): Run[] => {
  switch (note.kind) {
    case 'message':
      return messageRuns(note, native);
    case 'messages':
      return jointRuns(note.messages, native);
    default:
      return toldBelowRuns(note, shown);
  }
};
