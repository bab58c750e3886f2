import { fileTypeFromBuffer } from 'file-type';

/** So many bytes from the beginning tell what a file is. */
export const SNIFFED_BYTES = 4100;

/** What a file is that nothing is known of: it can be saved, and nothing else. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * What a file is, by its first bytes alone; null for what is none of the kinds that people send each other. Text is text, whatever
 * language it is in: nothing that is found here makes a browser run it.
 * @param head the first `SNIFFED_BYTES`, or all there are
 */
export const sniff = async (head: Uint8Array): Promise<string | null> => {
  const found = await fileTypeFromBuffer(head);
  if (found) {
    // E.g. `audio/ogg; codecs=opus`.
    const [type = ''] = found.mime.split(';');
    if (type === 'application/xml') return 'text/plain';
    return ALLOWED.has(type) ? type : null;
  }
  return isText(head) ? 'text/plain' : null;
};

/** Whether these bytes can be read as text in UTF-8; the last character may be cut. */
const isText = (head: Uint8Array): boolean => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tells bytes from text
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
  } catch {
    return false;
  }
};

/**
 * The same of a file of which a platform says that it is sound alone: the first bytes of a WebM, an MP4 or an Ogg do not tell.
 * @param sniffed what its bytes are @param told what the platform calls it
 */
export const soundOr = (sniffed: string, told: string): string => {
  const [, container] = /^video\/(webm|mp4|ogg)$/.exec(sniffed) ?? [];
  return container !== undefined && told.startsWith('audio/') ? `audio/${container}` : sniffed;
};

/** Pictures, sound, films, documents and archives; no programs. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['jpeg', 'png', 'gif', 'webp', 'avif', 'heic', 'heif', 'bmp', 'tiff'].map((name) => `image/${name}`),
  ...['mpeg', 'ogg', 'opus', 'wav', 'aac', 'mp4', 'x-m4a', 'flac', 'amr', 'webm'].map(
    (name) => `audio/${name}`,
  ),
  ...['mp4', 'webm', 'quicktime', 'ogg', 'x-m4v', '3gpp', 'matroska', 'x-matroska'].map(
    (name) => `video/${name}`,
  ),
  'application/pdf',
  'application/rtf',
  'application/zip',
  'application/gzip',
  'application/x-7z-compressed',
  'application/epub+zip',
  'application/x-cfb',
  ...['wordprocessingml.document', 'spreadsheetml.sheet', 'presentationml.presentation'].map(
    (name) => `application/vnd.openxmlformats-officedocument.${name}`,
  ),
  ...['text', 'spreadsheet', 'presentation'].map((name) => `application/vnd.oasis.opendocument.${name}`),
]);
