import { type FileDescription, type FileStore, newId } from '@pocketping/core';
import type { AttachmentId } from '@pocketping/protocol';
import { beforeEach, expect } from 'vitest';
import { content, differenceIn } from './content.js';

export interface FileStoreContract {
  /** Names the suite, e.g. `DiskFileStore`. */
  readonly name: string;
  /** A store without files; the suite calls `init`. Called for every test. */
  create(): Promise<FileStore>;
  /** Another instance over the files of a store that `create` made. For stores whose files outlive an instance. */
  reopen?(store: FileStore): Promise<FileStore>;
  /** Memory is where it keeps files: it is no store for others than tests. */
  readonly inMemory?: true;
  /** The store has `direct`. */
  readonly direct?: {
    /** Lets `ms` milliseconds pass on the clock that ends addresses; the suite waits for them where it is left out. */
    pass?(ms: number): void | Promise<void>;
    /** It has `direct.copy`. */
    readonly copies?: true;
  };
}

/** A new store for every test of the suite. */
export const freshStore = ({ create }: FileStoreContract): (() => FileStore) => {
  let store: FileStore;
  beforeEach(async () => {
    store = await create();
    await store.init?.();
  });
  return () => store;
};

export const PLAIN: FileDescription = { mimeType: 'application/octet-stream' };

export const anId = (): AttachmentId => newId('attachment', Date.now());

/** Keeps `size` bytes of what `seed` stands for. */
export const keep = async (store: FileStore, size: number, seed = 0): Promise<AttachmentId> => {
  const id = anId();
  await store.write(id, content(size, seed), { ...PLAIN, size });
  return id;
};

/** The store has this file, and no other. */
export const expectFile = async (
  store: FileStore,
  id: AttachmentId,
  size: number,
  seed = 0,
): Promise<void> => {
  expect(await store.size(id)).toBe(size);
  expect(await differenceIn(await store.open(id), size, seed)).toBeUndefined();
};

/** The store has no file of this id. */
export const expectNone = async (store: FileStore, id: AttachmentId): Promise<void> => {
  expect(await store.size(id)).toBeNull();
  await expect(store.open(id)).rejects.toMatchObject({ name: 'PocketPingError', code: 'not_found' });
};
