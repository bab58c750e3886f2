import type { NoteAttachment } from '@pocketping/core';
import { fileSize, oneLine, type Run, shortened } from '@pocketping/core/rendering';
import { FILE_BYTES, PHOTO_BYTES } from './limits.js';
import { foreign } from './markup.js';

/** Whether Telegram takes a file. An empty one it refuses. */
export const isTaken = ({ status, size }: NoteAttachment): boolean =>
  status === 'ready' && size > 0 && size <= FILE_BYTES;

/**
 * As what a file appears: a picture, one that moves, or a name.
 * @see https://core.telegram.org/bots/api#sendphoto
 * @see https://core.telegram.org/bots/api#sendanimation
 */
export const formOf = ({ mimeType, size }: NoteAttachment): 'photo' | 'animation' | 'document' => {
  if (mimeType === 'image/gif') return 'animation';
  return PHOTO_TYPES.has(mimeType) && size <= PHOTO_BYTES ? 'photo' : 'document';
};

const PHOTO_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** A file that is not posted: what it is called, how large it is, and where it is. */
export const attachmentRuns = ({ name, size, status, link }: NoteAttachment): Run[] => [
  { text: '📎 ' },
  ...foreign(shortened(oneLine(name), NAME_LENGTH)),
  ...(size > 0 ? [{ text: `, ${fileSize(size)}` }] : []),
  ...(status === 'failed' ? [{ text: ' (could not be fetched)' }] : []),
  ...(link === undefined ? [] : [{ text: `: ${link}` }]),
];

/** Characters shown of a name, which may have as many as 255. */
const NAME_LENGTH = 120;
