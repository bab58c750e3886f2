import type { InboundFile } from '@pocketping/core';
import type { Message } from 'grammy/types';

/**
 * The file of a message, if it holds one that can be passed on. Several of an album are as many messages.
 * @throws Error for one without an id
 * @see https://core.telegram.org/bots/api#message
 */
export const fileIn = (message: Message): InboundFile | undefined => {
  const kind = KINDS.find(({ of }) => of(message) !== undefined);
  const file = kind?.of(message);
  if (!kind || !file) return undefined;
  if (typeof file.file_id !== 'string') throw new Error('The message has a file without an id.');
  const { name = kind.name, mimeType = kind.mimeType } = { name: file.file_name, mimeType: file.mime_type };
  return {
    ref: file.file_id,
    ...(name === undefined ? {} : { name }),
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(file.file_size === undefined ? {} : { size: file.file_size }),
  };
};

/** What Telegram tells of any file; of some kinds it tells less. */
interface TelegramFile {
  readonly file_id: string;
  readonly file_name?: string;
  readonly mime_type?: string;
  /** Bytes. */
  readonly file_size?: number;
}

interface Kind {
  of(message: Message): TelegramFile | undefined;
  /** What it is called where Telegram does not say. */
  readonly name?: string;
  readonly mimeType?: string;
}

/** In this order: an animation is also a document. */
const KINDS: readonly Kind[] = [
  // The sizes of one photo, of which the last is the largest.
  { of: ({ photo }) => photo?.at(-1), name: 'photo.jpg', mimeType: 'image/jpeg' },
  { of: ({ live_photo }) => live_photo?.photo?.at(-1), name: 'photo.jpg', mimeType: 'image/jpeg' },
  { of: ({ video }) => video, name: 'video.mp4', mimeType: 'video/mp4' },
  { of: ({ animation }) => animation, name: 'animation.mp4', mimeType: 'video/mp4' },
  { of: ({ audio }) => audio, name: 'audio.mp3', mimeType: 'audio/mpeg' },
  { of: ({ document }) => document },
  { of: ({ voice }) => voice, name: 'voice.ogg', mimeType: 'audio/ogg' },
  { of: ({ video_note }) => video_note, name: 'video.mp4', mimeType: 'video/mp4' },
  {
    of: ({ sticker }) => (sticker?.is_video ? sticker : undefined),
    name: 'sticker.webm',
    mimeType: 'video/webm',
  },
  // A drawing that moves is of a format that browsers do not show: what stands still of it is better than nothing.
  {
    of: ({ sticker }) => (sticker?.is_animated ? sticker.thumbnail : sticker),
    name: 'sticker.webp',
    mimeType: 'image/webp',
  },
];
