import type { MessageNote, Note, Part } from '@pocketping/core';
import { isVisitors, lines, messagesIn, type Shown, sessionLine } from '@pocketping/core/rendering';
import { isTaken } from './files.js';
import { type Run, toPart, toParts } from './markup.js';
import { answeredRuns, jointRuns, messageRuns, speakerRuns, toldRuns } from './notes.js';

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
      return isVisitors(note) || messageRuns(note, isTaken).length === 0
        ? messageRuns(note, isTaken)
        : [...speakerRuns(note), { text: '\n' }, ...messageRuns(note, isTaken)];
    case 'messages':
      return jointRuns(note.messages, isTaken);
    case 'card':
      return lines([toldRuns(note, shown), sessionLine(note.card.sessionId)]);
    default:
      return toldRuns(note, shown);
  }
};
