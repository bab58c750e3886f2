import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type ByteRange,
  type FileDescription,
  type FileStore,
  isId,
  PocketPingError,
} from '@pocketping/core';
import type { AttachmentId } from '@pocketping/protocol';
import { explained, isMissing } from './failures.js';
import { Incoming } from './incoming.js';
import { readable } from './readable.js';
import { syncFolder } from './sync.js';

export interface DiskFileStoreOptions {
  /** Where the files are; it is made if need be. Nothing else should be kept in it. */
  readonly folder: string;
}

/** Digits of an id that name its sub-folder. They are random, so files spread evenly over 1024. */
const SHARD_DIGITS = 2;

/** Attachments as files in a folder of this machine. Several processes may share it. */
export class DiskFileStore implements FileStore {
  readonly #folder: string;
  readonly #incoming: Incoming;

  /** @throws TypeError for options that make no sense. */
  constructor({ folder }: DiskFileStoreOptions) {
    if (typeof folder !== 'string' || folder === '') throw new TypeError('DiskFileStore needs a folder.');
    this.#folder = resolve(folder);
    this.#incoming = new Incoming(join(this.#folder, 'incoming'));
  }

  /** Makes the folder, and removes what processes that died left half written. @throws PocketPingError `unavailable` */
  async init(): Promise<void> {
    await this.#explaining(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#incoming.init();
    });
  }

  async write(id: AttachmentId, bytes: ReadableStream<Uint8Array>, _about: FileDescription): Promise<void> {
    if (!isId('attachment', id)) {
      await bytes.cancel().catch(() => {});
      throw new TypeError(`Not the id of an attachment: ${JSON.stringify(id)}`);
    }
    const written = await this.#explaining(() => this.#incoming.write(bytes));
    await this.#explaining(async () => {
      try {
        await this.#moveIn(written, id);
      } catch (error) {
        await unlink(written).catch(() => {});
        throw error;
      }
    });
  }

  async open(id: AttachmentId, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    const handle = await this.#found(id, (path) => open(path, 'r'));
    if (!handle) throw new PocketPingError('not_found', `There is no file ${JSON.stringify(id)}`);
    return this.#explaining(() => this.#reading(handle, range));
  }

  async size(id: AttachmentId): Promise<number | null> {
    return (await this.#found(id, (path) => stat(path)))?.size ?? null;
  }

  async remove(id: AttachmentId): Promise<void> {
    await this.#found(id, async (path) => {
      await unlink(path);
      await syncFolder(this.#shard(id));
    });
  }

  async #reading(handle: FileHandle, range: ByteRange | undefined): Promise<ReadableStream<Uint8Array>> {
    try {
      const { size } = await handle.stat();
      const end = range ? Math.min(range.last + 1, size) : size;
      return readable(handle, range?.first ?? 0, end);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** A rename takes an earlier file's place in one step; whoever reads that goes on reading it. */
  async #moveIn(written: string, id: AttachmentId): Promise<void> {
    const shard = this.#shard(id);
    const moved = () => rename(written, join(shard, id));
    try {
      await moved();
    } catch (error) {
      if (!isMissing(error)) throw error;
      await mkdir(shard, { recursive: true, mode: 0o700 });
      await syncFolder(this.#folder);
      await moved();
    }
    await syncFolder(shard);
  }

  #shard(id: AttachmentId): string {
    return join(this.#folder, id.slice(-SHARD_DIGITS));
  }

  /** What `work` answers about the file of an id; undefined where there is no such file. */
  async #found<T>(id: AttachmentId, work: (path: string) => Promise<T>): Promise<T | undefined> {
    if (!isId('attachment', id)) return undefined;
    try {
      return await work(join(this.#shard(id), id));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explained(error, this.#folder);
    }
  }

  async #explaining<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explained(error, this.#folder);
    }
  }
}
