import type { FormattedText } from './entities.js';
import type { Files } from './files.js';
import { imageSize } from './image-size.js';
import type { MediaContent, MediaKind } from './state.js';
import type { MediaFile, PhotoSize } from './types.js';
import type { Upload } from './uploads.js';

export interface MediaOptions {
  /** What is said of the file below it. */
  readonly words: FormattedText;
  /** The album that it belongs to. */
  readonly groupId?: string | undefined;
}

/** Keeps a file, and makes what a message with it holds. @see https://core.telegram.org/bots/api#message */
export const mediaFrom = (
  files: Files,
  kind: MediaKind,
  upload: Upload,
  { words, groupId }: MediaOptions,
): MediaContent => {
  const rest = { ...words, ...(groupId === undefined ? {} : { groupId }) };
  return kind === 'photo'
    ? { type: kind, photo: photoSizes(files, upload), ...rest }
    : { type: kind, media: mediaFile(files, kind, upload), ...rest };
};

/** The file of a message; of a photo its largest size. */
export const fileOf = (content: MediaContent): MediaFile =>
  content.type === 'photo' ? (content.photo.at(-1) as PhotoSize) : content.media;

/** What a file of no certain name is called, and what it is taken for. */
const KINDS: Readonly<Record<MediaKind, { readonly name: string; readonly mimeType: string }>> = {
  photo: { name: 'photo.jpg', mimeType: 'image/jpeg' },
  document: { name: 'file', mimeType: 'application/octet-stream' },
  video: { name: 'video.mp4', mimeType: 'video/mp4' },
  audio: { name: 'audio.mp3', mimeType: 'audio/mpeg' },
  voice: { name: 'voice.oga', mimeType: 'audio/ogg' },
  video_note: { name: 'video.mp4', mimeType: 'video/mp4' },
  animation: { name: 'animation.mp4', mimeType: 'video/mp4' },
  sticker: { name: 'sticker.webp', mimeType: 'image/webp' },
};

/** Of these the platform tells no file's name. */
const NAMELESS: ReadonlySet<MediaKind> = new Set(['voice', 'video_note', 'sticker']);

/** Without a decoder for pictures and films, what plays is taken to last a second. */
const SECONDS = 1;

const mediaFile = (files: Files, kind: Exclude<MediaKind, 'photo'>, upload: Upload): MediaFile => {
  const file = files.keep(upload.bytes, `${kind}s`, upload.name ?? KINDS[kind].name);
  const size = imageSize(upload.bytes);
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    ...(upload.name === undefined || NAMELESS.has(kind) ? {} : { file_name: upload.name }),
    ...(kind === 'video_note' || kind === 'sticker' ? {} : { mime_type: typeOf(kind, upload) }),
    ...(kind === 'document' || kind === 'sticker' ? {} : { duration: SECONDS }),
    ...(kind === 'video' || kind === 'animation'
      ? { width: size?.width ?? 640, height: size?.height ?? 360 }
      : {}),
    ...(kind === 'video_note' ? { length: 240 } : {}),
    ...(kind === 'sticker'
      ? {
          type: 'regular' as const,
          width: size?.width ?? 512,
          height: size?.height ?? 512,
          is_animated: false,
          is_video: false,
        }
      : {}),
  };
};

/** A bot that uploads says of each file only that it is bytes; the platform then goes by the name. */
const typeOf = (kind: MediaKind, { name = '', mimeType }: Upload): string => {
  if (mimeType && mimeType !== 'application/octet-stream') return mimeType;
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return TYPES[extension] ?? KINDS[kind].mimeType;
};

const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  pdf: 'application/pdf',
  zip: 'application/zip',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

/** The smallest first. The platform makes the smaller ones; without an encoder a pixel stands for them. */
const photoSizes = (files: Files, { bytes }: Upload): PhotoSize[] => {
  const size = imageSize(bytes) ?? { width: 0, height: 0 };
  const scale = Math.min(1, THUMBNAIL / Math.max(size.width, size.height, 1));
  const thumbnail = {
    width: Math.max(1, Math.floor(size.width * scale)),
    height: Math.max(1, Math.floor(size.height * scale)),
  };
  return [
    { bytes: PIXEL, size: thumbnail },
    { bytes, size },
  ].map((one) => {
    const file = files.keep(one.bytes, 'photos', KINDS.photo.name);
    return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, ...one.size };
  });
};

/** What a photo is. The platform makes a JPEG of each; here it stays what it was. */
export const photoType = (bytes: Uint8Array): string =>
  PHOTO_TYPES.find(([, begins]) => begins.every((byte, at) => bytes[at] === byte))?.[0] ?? 'image/webp';

const PHOTO_TYPES: readonly (readonly [type: string, begins: readonly number[]])[] = [
  ['image/png', [0x89, 0x50]],
  ['image/jpeg', [0xff, 0xd8]],
  ['image/gif', [0x47, 0x49]],
];

/** Pixels of the longer side of the smallest size. @see https://core.telegram.org/api/files#image-thumbnail-types */
const THUMBNAIL = 90;

/** Stripes of 800 × 600 pixels, as PNG: a picture for those who bring none. */
export const PICTURE: Uint8Array = Buffer.from(
  [
    'iVBORw0KGgoAAAANSUhEUgAAAyAAAAJYAQAAAACyDb/dAAAA6UlEQVR42u3NMQEAAAwCIPtHMaUttgcKkB6IRCKRSCQSiUQi',
    'kUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFI',
    'JBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQS',
    'iUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolE8psM5ies1lQ9C2YAAAAASUVORK5C',
    'YII=',
  ].join(''),
  'base64',
);

/** A pixel, as PNG. */
const PIXEL: Uint8Array = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
