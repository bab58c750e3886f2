import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  type Attachment,
  type ByteRange,
  type FileDescription,
  type FileStore,
  isId,
  PocketPingError,
} from '@pocketping/core';
import { directAccess } from './direct.js';
import { explainFailures, isNotFound, isOutOfRange, noSuchBucket } from './failures.js';
import { clientConfig, type S3FileStoreOptions } from './options.js';
import { readable } from './readable.js';
import { upload } from './upload.js';

type AttachmentId = Attachment['id'];

/** Attachments in a bucket of Amazon S3, or of anything that speaks its language. */
export class S3FileStore implements FileStore {
  readonly direct?: NonNullable<FileStore['direct']>;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @throws TypeError for options that make no sense. */
  constructor(options: S3FileStoreOptions) {
    this.#client = new S3Client(clientConfig(options));
    this.#bucket = options.bucket;
    this.#prefix = options.prefix ?? '';
    if (options.direct ?? true) {
      this.direct = directAccess(this.#client, this.#bucket, (id) => this.#target(id).Key);
    }
    explainFailures(this.#client, this.#bucket);
  }

  /** Looks whether the bucket is there and lets us in. @throws PocketPingError `unavailable`, which says what to do */
  async init(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      throw isNotFound(error) ? noSuchBucket(this.#bucket, error) : error;
    }
  }

  async write(
    id: AttachmentId,
    bytes: ReadableStream<Uint8Array>,
    { mimeType }: FileDescription,
  ): Promise<void> {
    if (!isId('attachment', id)) await bytes.cancel().catch(() => {});
    await upload(this.#client, this.#target(id), bytes, mimeType);
  }

  async open(id: AttachmentId, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    if (!isId('attachment', id))
      throw new PocketPingError('not_found', `No file has the id ${JSON.stringify(id)}`);
    const Range = range && `bytes=${range.first}-${range.last}`;
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#target(id), Range }));
      return readable(Body as Readable);
    } catch (error) {
      if (isOutOfRange(error)) return ReadableStream.from<Uint8Array>([]);
      throw error;
    }
  }

  async size(id: AttachmentId): Promise<number | null> {
    if (!isId('attachment', id)) return null;
    try {
      const { ContentLength } = await this.#client.send(new HeadObjectCommand(this.#target(id)));
      return ContentLength ?? 0;
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async remove(id: AttachmentId): Promise<void> {
    if (!isId('attachment', id)) return;
    await this.#client.send(new DeleteObjectCommand(this.#target(id)));
  }

  #target(id: AttachmentId): { readonly Bucket: string; readonly Key: string } {
    if (isId('attachment', id)) return { Bucket: this.#bucket, Key: this.#prefix + id };
    throw new TypeError(`Not the id of an attachment: ${JSON.stringify(id)}`);
  }
}
