import type { NoteAttachment, Part } from '@pocketping/core';
import { fileSize, oneLine, shortened } from '@pocketping/core/rendering';
import { FILE_BYTES } from './limits.js';
import { blocksOf, type Run } from './markup.js';

/** Slack shows it in a post of its own: pictures as such, everything else by its name. It takes no empty ones. */
export const isTaken = ({ status, size }: NoteAttachment): boolean =>
  status === 'ready' && size > 0 && size <= FILE_BYTES;

/** Slack is told nothing of a file but its name: what does not say there that it is a picture, or plays, would not be shown as such. */
export const fileNameOf = ({ name, mimeType }: NoteAttachment): string => {
  const ending = ENDINGS[mimeType];
  return ending === undefined || /\.\w+$/.test(name) ? name : `${name}.${ending}`;
};

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'audio/mpeg': 'mp3',
  'audio/x-m4a': 'm4a',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
};

/** A line about a file that is not shown: what it is, and where it is to be had. */
export const fileRuns = ({ name, size, status, link }: NoteAttachment): Run[] => [
  { text: `📎 ${shortened(oneLine(name), NAME_LENGTH)}` },
  ...(size > 0 ? [{ text: ` · ${fileSize(size)}` }] : []),
  ...whereabouts(status, link),
];

/** What a part says where the workspace does not take its file after all. */
export const insteadOf = (part: Part, file: NoteAttachment): Part => {
  const line = fileRuns(file);
  const plain = line.map(({ text }) => text).join('');
  return {
    markup: JSON.stringify([...(JSON.parse(part.markup) as object[]), ...blocksOf(line)]),
    plain: part.plain === '' ? plain : `${part.plain}\n${plain}`,
  };
};

const whereabouts = (status: NoteAttachment['status'], link: string | undefined): Run[] => {
  const why = status === 'failed' ? [{ text: ' · could not be fetched' }] : [];
  if (link !== undefined) return [...why, { text: ' · ' }, { text: link, isAddress: true }];
  return status === 'failed' ? why : [{ text: ' · cannot be shown here' }];
};

/** Characters of a file's name that a line shows. */
const NAME_LENGTH = 100;
