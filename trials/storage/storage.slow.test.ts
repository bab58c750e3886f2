import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStorage } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { type Effort, storageProperties } from '@pocketping/testing';
import { afterAll } from 'vitest';

/*
 * The storage contract under random sequences of calls, for longer than `npm test` takes. A run that failed is done
 * again with the seed and the path that were printed: SEED=-123 SEED_PATH=67:1:3 npx vitest run …
 */

const { SEED, SEED_PATH = '' } = process.env;
const effort: Effort = {
  runs: 1_000_000,
  ms: 30_000,
  ...(SEED !== undefined && { replay: { seed: Number(SEED), path: SEED_PATH } }),
};

storageProperties(
  { name: 'MemoryStorage', create: async ({ clock }) => new MemoryStorage({ clock }) },
  effort,
);

const folder = mkdtempSync(join(tmpdir(), 'pocketping-trial-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'trial.db');

storageProperties(
  {
    name: 'SqliteStorage',
    create: async ({ clock }) => {
      // One run after another: what the last one left is of no use.
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
      return new SqliteStorage({ file, clock });
    },
    reopen: async (_, { clock }) => new SqliteStorage({ file, clock }),
  },
  effort,
);
