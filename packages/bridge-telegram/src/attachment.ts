import type { NoteAttachment } from '@pocketping/core';
import { oneLine, shortened } from '@pocketping/core/rendering';
import { FILE_BYTES, PHOTO_BYTES } from './limits.js';
import { foreign, type Run } from './markup.js';

/** Whether Telegram takes a file. An empty one it refuses. */
export const isTaken = ({ status, size }: NoteAttachment): boolean =>
  status === 'ready' && size > 0 && size <= FILE_BYTES;

/** Whether it appears as a picture instead of a name. @see https://core.telegram.org/bots/api#sendphoto */
export const isPhoto = ({ mimeType, size }: NoteAttachment): boolean =>
  PHOTO_TYPES.has(mimeType) && size <= PHOTO_BYTES;

const PHOTO_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** A file that is not posted: what it is called, how large it is, and where it is. */
export const attachmentRuns = ({ name, size, status, link }: NoteAttachment): Run[] => [
  { text: '📎 ' },
  ...foreign(shortened(oneLine(name), NAME_LENGTH)),
  ...(size > 0 ? [{ text: `, ${sizeOf(size)}` }] : []),
  ...(status === 'failed' ? [{ text: ' (could not be fetched)' }] : []),
  ...(link === undefined ? [] : [{ text: `: ${link}` }]),
];

/** Characters shown of a name, which may have as many as 255. */
const NAME_LENGTH = 120;

/** For a reader, e.g. `61 MB`. */
const sizeOf = (bytes: number): string => {
  const [unit, length] = UNITS.find(([, length]) => bytes >= length) ?? ['bytes', 1];
  const count = bytes / length;
  return `${count < 10 && length > 1 ? count.toFixed(1) : Math.round(count)} ${unit}`;
};

const UNITS = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
] as const;
