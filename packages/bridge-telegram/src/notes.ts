import type { MessageNote, NoteAttachment } from '@pocketping/core';
import { lines, noteWords, type Run } from '@pocketping/core/rendering';
import { attachmentRuns, isTaken } from './attachment.js';
import { foreign } from './markup.js';

const { wordsRuns, quoteRuns, conversationRuns, ...words } = noteWords({ theirs: foreign });

export const { speakerRuns, toldRuns, toldBelowRuns, whoseRuns } = words;

/** One post of a message: a file with what stands below it, or words. */
export interface Post {
  readonly file?: NoteAttachment;
  readonly runs: readonly Run[];
}

/**
 * A message, post by post: each file that Telegram takes, then the words, if there are any. What it answers stands in
 * the first, so that a change of the words changes only the posts of the words.
 */
export const postsOf = (note: MessageNote): Post[] => {
  const files = (note.attachments ?? []).filter(isTaken).map((file): Post => ({ file, runs: [] }));
  const said = saidRuns(note);
  const [first, ...others] = said.length > 0 ? [...files, { runs: said }] : files;
  return first ? [{ ...first, runs: lines([answeredRuns(note), first.runs]) }, ...others] : [];
};

/** Several messages in one post, each below what it answers. */
export const jointRuns = (messages: readonly MessageNote[]): Run[] =>
  conversationRuns(messages, (message) => lines([answeredRuns(message), saidRuns(message)]));

const answeredRuns = ({ replyTo }: MessageNote): Run[] =>
  replyTo && !replyTo.native ? quoteRuns(replyTo) : [];

/** Its own words, and the files that are not posted. */
const saidRuns = (note: MessageNote): Run[] =>
  wordsRuns(note, (note.attachments ?? []).filter((each) => !isTaken(each)).map(attachmentRuns));
