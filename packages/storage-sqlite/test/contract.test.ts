import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoragePort } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { storageContract } from '@pocketping/testing';
import Database from 'libsql';
import { afterAll, expect, it, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-sqlite-'));
const prepare = vi.spyOn(Database.prototype, 'prepare');
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

it('finds every row that the contract asks for by an index', async () => {
  const ofMigrations = /result FROM dedupes/;
  const statements = new Set(
    prepare.mock.calls.map(([sql]) => sql).filter((sql) => !/^PRAGMA/.test(sql) && !ofMigrations.test(sql)),
  );
  expect(statements.size).toBeGreaterThan(40);
  const file = join(folder, 'plans.db');
  await new SqliteStorage({ file }).init();
  const database = new Database(file);
  const [ofReached = ''] = [...statements].filter((sql) => / AND status = \? AND reached/.test(sql));
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${ofReached}`).all();
  expect(plan[0]).toMatchObject({ detail: expect.stringContaining('INDEX sessions_reached') });
  const scans = [...statements].flatMap((sql) => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
    // The few links of one post are sorted, and what an index takes up many at a time.
    const allowed = /FROM links|INTO dedupes_by_hash/.test(sql)
      ? /TEMP B-TREE/
      : /^SCAN (json_each|CONSTANT ROW)/;
    const bad = plan.filter(({ detail }) => /^SCAN|TEMP B-TREE/.test(detail) && !allowed.test(detail));
    return bad.map(({ detail }) => `${detail}: ${sql}`);
  });
  expect(scans).toEqual([]);
  database.close();
});
