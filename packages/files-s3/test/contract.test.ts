import type { FileStore } from '@pocketping/core';
import { S3FileStore } from '@pocketping/files-s3';
import { fileStoreContract } from '@pocketping/testing';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { BUCKET, CREDENTIALS, type Store, startStore } from './store.js';

let store: Store;
beforeAll(async () => {
  store = await startStore();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => store.close());

let count = 0;
const prefixes = new Map<FileStore, string>();
const withPrefix = (prefix: string) => {
  const files = new S3FileStore({
    bucket: BUCKET,
    endpoint: store.endpoint,
    credentials: CREDENTIALS,
    prefix,
  });
  prefixes.set(files, prefix);
  return files;
};

fileStoreContract({
  name: 'S3FileStore',
  create: async () => withPrefix(`files-${count++}-`),
  reopen: async (files) => withPrefix(prefixes.get(files) as string),
  // The server runs in this process, and so goes by the same clock.
  direct: {
    pass: (ms) => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms }),
    copies: true,
  },
});
