import type { MessageNote, Note, Part } from '@pocketping/core';
import type { Shown } from '@pocketping/core/rendering';
import { ICONS, messagesIn } from '@pocketping/core/rendering';
import { detailLines, lines, siteLines, visitorLine } from './card.js';
import { isTaken } from './files.js';
import { type Run, toPart, toParts } from './markup.js';
import {
  answeredRuns,
  conversationRuns,
  IDENTIFIED,
  isPrivate,
  messageRuns,
  noticeRuns,
  speakerRuns,
} from './notes.js';

/** A note for the thread of its conversation, in Block Kit, in as many messages as it takes. All text in a note comes from strangers. */
export const render = (note: Note, shown: Shown): Part[] => [
  ...messagesIn(note).flatMap(filePartsOf),
  ...toParts(runsOf(note, shown)),
];

/** Each says whose file it is: Slack has no other place where a post with a file can carry its nonce. */
const filePartsOf = (note: MessageNote): Part[] =>
  (note.attachments ?? []).filter(isTaken).map((file, at) => {
    const answered = at === 0 ? answeredRuns(note) : [];
    const caption = [...speakerRuns(note), ...(answered.length > 0 ? [{ text: '\n' }, ...answered] : [])];
    return { ...toPart(caption), file };
  });

const runsOf = (note: Note, shown: Shown): Run[] => {
  switch (note.kind) {
    // The visitor's words stand alone, for they are what the thread is about. Slack itself marks what was edited.
    case 'message':
      return (note.author.kind === 'visitor' && !isPrivate(note)) || messageRuns(note, isTaken).length === 0
        ? messageRuns(note, isTaken)
        : [...speakerRuns(note), { text: '\n' }, ...messageRuns(note, isTaken)];
    case 'messages':
      return conversationRuns(note.messages, isTaken);
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
