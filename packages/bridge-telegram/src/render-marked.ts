import type { MessageNote, Note, Part, SessionCard } from '@pocketping/core';
import { ICONS, iconOf, NAME_LENGTH, type Shown, shortened, visitorName } from '@pocketping/core/rendering';
import { contactLine, detailLines, lines, siteLines } from './card.js';
import { hashtagOf, type Mark } from './mark.js';
import { foreign, type Run, toMarkedCaption, toMarkedParts } from './markup.js';
import { conversationRuns, IDENTIFIED, noticeRuns, type Post, postsOf, speakerNameRuns } from './notes.js';

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
  const files =
    note.kind === 'messages' ? note.messages.flatMap(messageParts).filter(({ file }) => file) : [];
  return [...files, ...partsOf(note, { runs: bodyOf(note, shown) })];
};

/** E.g. `👤 Ada #c7k3f9`, or `💬 Bob via support-discord → Ada #c7k3f9` where it is not Ada who speaks. */
const headingOf = (note: Note, card: SessionCard, { link }: Mark): Run[] => [
  { text: signOf(note), href: link },
  { text: ' ' },
  ...(note.kind === 'message' && note.author.kind !== 'visitor'
    ? [...speakerNameRuns(note), { text: ' → ' }]
    : []),
  ...foreign(shortened(visitorName(card), NAME_LENGTH), { tag: 'b' }),
  { text: ` ${hashtagOf(card.sessionId)}` },
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

const bodyOf = (note: Exclude<Note, MessageNote>, shown: Shown): Run[] => {
  switch (note.kind) {
    case 'messages':
      return conversationRuns(note.messages);
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
