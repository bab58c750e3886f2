import type { AttachmentId } from '@pocketping/protocol';
import type { Instant } from '../model/index.js';

/**
 * Where the bytes of attachments are. Ids are the engine's, and unguessable; a store decides nothing about who may see
 * what. What is no such id (`isId`) names no file, and rejects with a TypeError where one would be written. Bytes are
 * streamed: no method may hold a whole file in memory. Every method may reject with `unavailable` when the store cannot
 * be reached.
 */
export interface FileStore {
  /** Prepares the store, e.g. makes its folder. Called once, before anything else. */
  init?(): Promise<void>;

  /**
   * Keeps a file, in place of an earlier one with this id. Resolves when all of it will outlive the process; a stream
   * that fails, or a store that does, leaves nothing of it that `open` would find, and rejects.
   * @param bytes read to its end, or cancelled
   */
  write(id: AttachmentId, bytes: ReadableStream<Uint8Array>, about: FileDescription): Promise<void>;
  /**
   * The file's bytes, or those of a range; what of the range lies behind the file's end is left out. Read them to their
   * end or cancel them: until then they keep something open.
   * @throws PocketPingError `not_found`
   */
  open(id: AttachmentId, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** How many bytes the file has; null when there is none. */
  size(id: AttachmentId): Promise<number | null>;
  /** Harmless when there is none. */
  remove(id: AttachmentId): Promise<void>;

  /** Clients can bring and fetch files without the bytes passing through this process. */
  readonly direct?: {
    /**
     * A request with which a client writes this file, of this size and type, until `expiresAt`; several times if it likes.
     * @param expiresAt ahead, by seven days at most
     */
    upload(id: AttachmentId, about: Required<FileDescription>, expiresAt: Instant): Promise<DirectUpload>;
    /**
     * Where anybody who has the address reads the file until `expiresAt`. It is served as `serving` says.
     * @param expiresAt ahead, by seven days at most
     */
    url(id: AttachmentId, serving: FileServing, expiresAt: Instant): Promise<string>;
    /**
     * Keeps a file under a second id as well, in place of an earlier one there, without its bytes passing through this
     * process. Nothing else that a client said with them goes along. Without it the engine reads the file and writes it.
     * @throws PocketPingError `not_found`; TypeError for what is no id
     */
    copy?(from: AttachmentId, to: AttachmentId): Promise<void>;
  };
}

export interface FileDescription {
  /** Bytes, as far as they are known beforehand; what is uploaded directly has to have exactly as many. */
  readonly size?: number;
  readonly mimeType: string;
}

/** Bytes of a file, counted from 0; both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface DirectUpload {
  readonly url: string;
  readonly method: 'PUT' | 'POST';
  /** Header fields that the request has to have. */
  readonly headers: Readonly<Record<string, string>>;
  /** For `POST`: fields of the form that precede the one called `file`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** How a file is handed to a browser. */
export interface FileServing {
  readonly contentType: string;
  /** A `Content-Disposition` (RFC 6266). */
  readonly contentDisposition: string;
}
