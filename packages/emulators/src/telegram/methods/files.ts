import { ApiError, badRequest } from '../errors.js';
import { imageSize } from '../image-size.js';
import { mediaFrom } from '../media.js';
import { type Params, text } from '../params.js';
import type { MediaKind } from '../state.js';
import { DOWNLOAD_LIMIT, PHOTO_LIMIT, UPLOAD_LIMIT, type Upload } from '../uploads.js';
import { destinationOf, said } from './destination.js';
import type { Method, MethodContext } from './method.js';
import { captioned } from './words.js';

const sending =
  (kind: MediaKind): Method =>
  (context, params) => {
    const words = captioned(params);
    const destination = destinationOf(context, params);
    const file = fileIn(context, params, kind);
    if (kind === 'photo') requirePhoto(file);
    return said(destination, mediaFrom(context.rooms.files, kind, file, { words }));
  };

/** @see https://core.telegram.org/bots/api#sendphoto */
export const sendPhoto = sending('photo');
/** @see https://core.telegram.org/bots/api#senddocument */
export const sendDocument = sending('document');
/** @see https://core.telegram.org/bots/api#sendvideo */
export const sendVideo = sending('video');
/** @see https://core.telegram.org/bots/api#sendaudio */
export const sendAudio = sending('audio');
/** @see https://core.telegram.org/bots/api#sendvoice */
export const sendVoice = sending('voice');
/** @see https://core.telegram.org/bots/api#sendanimation */
export const sendAnimation = sending('animation');

/** @see https://core.telegram.org/bots/api#getfile */
export const getFile: Method = ({ rooms }, params) => {
  const file = rooms.files.get(text(params, 'file_id') ?? '');
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.size > DOWNLOAD_LIMIT) throw badRequest('file is too big');
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
};

/**
 * The file that a call is about: uploaded with it, or one that the platform has.
 * @see https://core.telegram.org/bots/api#sending-files
 */
function fileIn({ uploads, rooms }: MethodContext, params: Params, kind: MediaKind): Upload {
  const told = text(params, kind);
  const uploaded = uploads.get(told?.replace(/^attach:\/\//, '') ?? kind);
  if (uploaded) return checked(uploaded);
  if (told === undefined) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`);
  const known = rooms.files.get(told);
  if (!known) throw badRequest('wrong file identifier/HTTP URL specified');
  return { name: known.path.split('/').at(-1), bytes: rooms.files.read(known) };
}

function checked(upload: Upload): Upload {
  const { length } = upload.bytes;
  if (length === 0) throw badRequest('file must be non-empty');
  if (length > UPLOAD_LIMIT) throw new ApiError(413, 'Request Entity Too Large');
  return upload;
}

/** "The photo's width and height must not exceed 10000 in total. Width and height ratio must be at most 20." */
function requirePhoto({ bytes }: Upload): void {
  if (bytes.length > PHOTO_LIMIT)
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${PHOTO_LIMIT} bytes`,
    );
  const size = imageSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  const ratio = Math.max(width, height) / Math.max(Math.min(width, height), 1);
  if (width + height > 10_000 || ratio > 20) throw badRequest('PHOTO_INVALID_DIMENSIONS');
}
