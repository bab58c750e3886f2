import type { NoteAttachment, Part } from '@pocketping/core';
import { fileSize, oneLine, type Run, shortened } from '@pocketping/core/rendering';
import { FILE_BYTES } from './limits.js';
import { type Body, bodyOf, toMarkdown } from './markup.js';

/** Discord shows it in a post of its own: pictures as such, everything else by its name. */
export const isTaken = ({ status, size }: NoteAttachment): boolean =>
  status === 'ready' && size > 0 && size <= FILE_BYTES;

/** A line about a file that is not shown: what it is, and where it is to be had. */
export const fileRuns = ({ name, size, status, link }: NoteAttachment): Run[] => [
  { text: `📎 ${shortened(oneLine(name), NAME_LENGTH)}` },
  ...(size > 0 ? [{ text: ` · ${fileSize(size)}` }] : []),
  ...whereabouts(status, link),
];

/** What a part says where Discord does not take its file after all, as it may on a server of its own limits. */
export const bodyInstead = (part: Part, file: NoteAttachment, plain: boolean): Body => {
  const caption = bodyOf(part, plain);
  const line = toMarkdown(fileRuns(file));
  // A mark without markup is the last line.
  const lines = plain ? [line, caption.content] : [caption.content, line];
  return { ...caption, content: lines.filter((line) => line !== '').join('\n') };
};

const whereabouts = (status: NoteAttachment['status'], link: string | undefined): Run[] => {
  const why = status === 'failed' ? [{ text: ' · could not be fetched' }] : [];
  if (link !== undefined) return [...why, { text: ' · ' }, { text: link }];
  return status === 'failed' ? why : [{ text: ' · too large for Discord' }];
};

/** Characters of a file's name that a line shows. */
const NAME_LENGTH = 100;
