import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoragePort } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { storageContract } from '@pocketping/testing';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-sqlite-'));
const files = new Map<StoragePort, string>();
afterAll(() => rmSync(folder, { recursive: true }));

storageContract({
  name: 'SqliteStorage',
  create: async ({ clock }) => {
    const file = join(folder, `${files.size}.db`);
    const storage = new SqliteStorage({ file, clock });
    files.set(storage, file);
    return storage;
  },
  reopen: async (storage, { clock }) => new SqliteStorage({ file: files.get(storage) as string, clock }),
});
