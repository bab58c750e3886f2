import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskFileStore } from '@pocketping/adapter-node';
import type { FileStore } from '@pocketping/core';
import { fileStoreContract } from '@pocketping/testing';
import { afterAll } from 'vitest';

const base = mkdtempSync(join(tmpdir(), 'pocketping-files-'));
const folders = new Map<FileStore, string>();
afterAll(() => rmSync(base, { recursive: true }));

fileStoreContract({
  name: 'DiskFileStore',
  create: async () => {
    const folder = join(base, String(folders.size), 'files');
    const store = new DiskFileStore({ folder });
    folders.set(store, folder);
    return store;
  },
  reopen: async (store) => new DiskFileStore({ folder: folders.get(store) as string }),
});
