import type { FormattedText } from './entities.js';
import type { Files } from './files.js';
import { type ImageSize, imageSize } from './image-size.js';
import type { MediaContent, MediaKind } from './state.js';
import type { MediaFile, PhotoSize } from './types.js';
import type { Upload } from './uploads.js';

export interface MediaOptions {
  /** What is said of the file below it. */
  readonly words: FormattedText;
  /** The album that it belongs to. */
  readonly groupId?: string | undefined;
  /** What stands still of a live photo, or of a sticker that moves; a picture of its own unless told. */
  readonly still?: Uint8Array | undefined;
}

/** Keeps a file, and makes what a message with it holds. @see https://core.telegram.org/bots/api#message */
export const mediaFrom = (
  files: Files,
  kind: MediaKind,
  upload: Upload,
  { words, groupId, still }: MediaOptions,
): MediaContent => {
  const rest = { ...words, ...(groupId === undefined ? {} : { groupId }) };
  switch (kind) {
    case 'photo':
      return { type: kind, photo: photoSizes(files, upload.bytes), ...rest };
    case 'live_photo':
      return {
        type: kind,
        photo: photoSizes(files, still ?? PICTURE),
        media: mediaFile(files, kind, upload),
        ...rest,
      };
    case 'sticker':
      return { type: kind, media: sticker(files, upload, still ?? PIXEL), ...rest };
    default:
      return { type: kind, media: mediaFile(files, kind, upload), ...rest };
  }
};

/** The file of a message; of a photo its largest size, also where it is a live one. */
export const fileOf = (content: MediaContent): MediaFile =>
  'photo' in content ? (content.photo.at(-1) as PhotoSize) : content.media;

/** What a file of no certain name is called, and what it is taken for. */
const KINDS: Readonly<Record<MediaKind, { readonly name: string; readonly mimeType: string }>> = {
  photo: { name: 'photo.jpg', mimeType: 'image/jpeg' },
  live_photo: { name: 'photo.mp4', mimeType: 'video/mp4' },
  document: { name: 'file', mimeType: 'application/octet-stream' },
  video: { name: 'video.mp4', mimeType: 'video/mp4' },
  audio: { name: 'audio.mp3', mimeType: 'audio/mpeg' },
  voice: { name: 'voice.oga', mimeType: 'audio/ogg' },
  video_note: { name: 'video.mp4', mimeType: 'video/mp4' },
  animation: { name: 'animation.mp4', mimeType: 'video/mp4' },
  sticker: { name: 'sticker.webp', mimeType: 'image/webp' },
};

export const isMediaKind = (name: string): name is MediaKind => Object.hasOwn(KINDS, name);

/** Of these the platform tells no file's name. */
const NAMELESS: ReadonlySet<MediaKind> = new Set(['live_photo', 'voice', 'video_note']);

/** Without a decoder for pictures and films, what plays is taken to last a second. */
const SECONDS = 1;

const mediaFile = (
  files: Files,
  kind: Exclude<MediaKind, 'photo' | 'sticker'>,
  upload: Upload,
): MediaFile => {
  const file = files.keep(upload.bytes, `${kind}s`, upload.name ?? KINDS[kind].name);
  const size = imageSize(upload.bytes);
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    ...(upload.name === undefined || NAMELESS.has(kind) ? {} : { file_name: upload.name }),
    ...(kind === 'video_note' ? {} : { mime_type: typeOf(kind, upload) }),
    ...(kind === 'document' ? {} : { duration: SECONDS }),
    ...(kind === 'video' || kind === 'animation' || kind === 'live_photo'
      ? { width: size?.width ?? 640, height: size?.height ?? 360 }
      : {}),
    ...(kind === 'video_note' ? { length: 240 } : {}),
  };
};

/**
 * A picture, a film in WebM, or a drawing that moves, by its type; what moves has a picture that stands still.
 * @see https://core.telegram.org/bots/api#sticker
 */
const sticker = (files: Files, { bytes, mimeType, name }: Upload, still: Uint8Array): MediaFile => {
  const file = files.keep(bytes, 'stickers', name ?? KINDS.sticker.name);
  const size = imageSize(bytes) ?? { width: 512, height: 512 };
  const [is_animated, is_video] = [mimeType === 'application/x-tgsticker', mimeType === 'video/webm'];
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    type: 'regular',
    ...size,
    is_animated,
    is_video,
    ...(is_animated || is_video ? { thumbnail: photoSize(files, still, { width: 128, height: 128 }) } : {}),
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
const photoSizes = (files: Files, bytes: Uint8Array): PhotoSize[] => {
  const size = imageSize(bytes) ?? { width: 0, height: 0 };
  const scale = Math.min(1, THUMBNAIL / Math.max(size.width, size.height, 1));
  const thumbnail = {
    width: Math.max(1, Math.floor(size.width * scale)),
    height: Math.max(1, Math.floor(size.height * scale)),
  };
  return [photoSize(files, PIXEL, thumbnail), photoSize(files, bytes, size)];
};

const photoSize = (files: Files, bytes: Uint8Array, size: ImageSize): PhotoSize => {
  const file = files.keep(bytes, 'photos', KINDS.photo.name);
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, ...size };
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
