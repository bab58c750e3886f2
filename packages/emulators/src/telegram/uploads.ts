/** Bytes of a file that a bot may send. @see https://core.telegram.org/bots/api#sending-files */
export const UPLOAD_LIMIT = 50 * 1024 * 1024;

/** Bytes of a photo. @see https://core.telegram.org/bots/api#sendphoto */
export const PHOTO_LIMIT = 10 * 1024 * 1024;

/** Bytes of a file that a bot may download. @see https://core.telegram.org/bots/api#getfile */
export const DOWNLOAD_LIMIT = 20 * 1024 * 1024;

/** A file as somebody sends it. */
export interface Upload {
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly bytes: Uint8Array;
}

/** The files of a request, by the names of their parts. */
export type Uploads = ReadonlyMap<string, Upload>;
