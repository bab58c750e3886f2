import type { AttachmentId } from '@pocketping/protocol';

/** A file of a message. It stays as it is, but that one from a platform is fetched after the message was taken. */
export interface Attachment {
  readonly id: AttachmentId;
  /** Under which the file store has the bytes. */
  readonly file: AttachmentId;
  /** Whoever knows it may read the file: part of the addresses that visitors get, told to nobody else, and to no log. */
  readonly key: string;
  /** Without path, control characters or anything else that would make it more than a name. */
  readonly name: string;
  /** What the bytes are; while they are being fetched, what the platform says they are. */
  readonly mimeType: string;
  /** Bytes; while they are being fetched, what the platform says, 0 where it does not. */
  readonly size: number;
  /** `fetching` from the platform it was sent on; `failed` when that could not be done. */
  readonly status: 'ready' | 'fetching' | 'failed';
  /** Where a platform has it, in words of its bridge's own; while it is being fetched. */
  readonly source?: { readonly bridge: string; readonly ref: string };
}
