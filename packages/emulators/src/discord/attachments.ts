import { type SharedFile, typeOf } from '../shared-file.js';
import { imageSize } from '../telegram/image-size.js';
import { DiscordApiError, invalidForm } from './errors.js';
import type { Guild } from './guild.js';
import type { StoredAttachment } from './state.js';

/** Bytes of a file, on a server without boosts. @see https://discord.com/developers/docs/reference#uploading-files */
const FILE_BYTES = 20 * 1024 * 1024;

/** Bytes of all files of a message. @see https://discord.com/developers/docs/resources/message#create-message */
const MESSAGE_BYTES = 25 * 1024 * 1024;

/** Files of a message. */
const COUNT = 10;

/** A file as a request brings it: `files[n]`. */
export interface UploadedFile extends SharedFile {
  readonly placeholder: string;
}

/**
 * The files of a new message, named and described as its `attachments` say. Nothing is kept yet.
 * @throws DiscordApiError 40005, 50035
 */
export const attachedTo = (
  body: Readonly<Record<string, unknown>>,
  uploaded: readonly UploadedFile[],
): SharedFile[] => {
  const total = uploaded.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MESSAGE_BYTES || uploaded.some(({ bytes }) => bytes.length > FILE_BYTES)) throw tooLarge();
  if (uploaded.length > COUNT) {
    throw invalidForm('attachments', 'BASE_TYPE_MAX_LENGTH', `Must be ${COUNT} or fewer in length.`);
  }
  const described = Array.isArray(body.attachments) ? (body.attachments as Described[]) : [];
  const stray = described.find(({ id }) => !uploaded.some(({ placeholder }) => placeholder === String(id)));
  if (stray) throw invalidForm('attachments.0.id', 'ATTACHMENT_NOT_FOUND', 'Attachment data not found.');
  return uploaded.map((file) => {
    const about = described.find(({ id }) => String(id) === file.placeholder);
    return { ...file, name: about?.filename || file.name };
  });
};

interface Described {
  readonly id: string | number;
  readonly filename?: string;
}

/** Keeps a message's files. Whatever is not ASCII leaves their names, and stays in their titles. */
export const attach = (guild: Guild, files: readonly SharedFile[]): StoredAttachment[] =>
  files.map(({ name, bytes, type }) => {
    const id = guild.newId();
    guild.cdn.keep(id, bytes);
    const filename = safe(name);
    return {
      id,
      filename,
      ...(filename !== name && { title: name.replace(/\.[A-Za-z0-9]+$/, '') }),
      size: bytes.length,
      contentType: type || typeOf(name),
      ...imageSize(bytes),
    };
  });

const safe = (name: string): string => {
  const kept = name.replace(/\s+/g, '_').replace(/[^\w.-]/g, '');
  return /^(?:\.|$)/.test(kept) ? `unknown${kept}` : kept;
};

const tooLarge = () => new DiscordApiError(413, 40005, 'Request entity too large');
