import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Committed, Conflict } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-dedupes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = async (name: string): Promise<SqliteStorage> => {
  const storage = new SqliteStorage({ file: join(folder, name) });
  await storage.init();
  return storage;
};

/** More than stand outside of the index. */
const MANY = 5000;
const keys = (prefix: string, count = MANY) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

const commit = (storage: SqliteStorage, key: string, digest = '') =>
  storage.commit({ at: 1, dedupe: { scope: 'scope', key, digest } });

/** How many of the commits are repetitions. */
const repeated = async (storage: SqliteStorage, all: readonly string[]): Promise<number> => {
  const results = await Promise.all(all.map((key) => commit(storage, key)));
  return results.filter((result) => result.conflict === undefined && result.duplicate).length;
};

const countIn = (name: string, table: string): number => {
  const database = new Database(join(folder, name), { readonly: true });
  const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
  database.close();
  return count;
};

describe('commits that may be repeated', () => {
  it('are known again, those that an index holds by now and those it does not yet', async () => {
    const storage = await opened('many.db');
    expect(await repeated(storage, keys('a'))).toBe(0);
    const indexed = countIn('many.db', 'dedupes_by_hash');
    expect(indexed).toBeGreaterThan(0);
    expect(indexed).toBeLessThan(MANY);
    expect(await repeated(storage, keys('a'))).toBe(MANY);
    expect(await commit(storage, 'a-0', 'other')).toEqual({ conflict: 'dedupe' });
    expect(await commit(storage, `a-${MANY - 1}`, 'other')).toEqual({ conflict: 'dedupe' });
    await storage.close();
    expect(countIn('many.db', 'dedupes')).toBe(MANY);
  });

  it('are known again after a restart', async () => {
    const before = await opened('restart.db');
    await repeated(before, keys('a'));
    await before.close();
    const after = await opened('restart.db');
    expect(await repeated(after, keys('a'))).toBe(MANY);
    await after.close();
  });

  it('are known to another process that shares the file, whichever of them fills the index', async () => {
    const [one, other] = [await opened('shared.db'), await opened('shared.db')];
    await repeated(other, keys('first', 10));
    await repeated(one, keys('a'));
    expect(await repeated(other, [...keys('first', 10), ...keys('a')])).toBe(MANY + 10);
    await repeated(other, keys('b'));
    expect(await repeated(one, [...keys('first', 10), ...keys('b'), ...keys('a')])).toBe(2 * MANY + 10);
    await repeated(one, keys('c', 10));
    expect(await repeated(other, keys('c', 10))).toBe(10);
    await one.close();
    await other.close();
    expect(countIn('shared.db', 'dedupes')).toBe(2 * MANY + 20);
  });

  it('are not taken for repeated when what they wrote was undone', async () => {
    const storage = await opened('undone.db');
    const broken = (key: string): Promise<Committed | Conflict> =>
      storage.commit({
        at: 1,
        threads: [{ bridge: 'b', chatId: 'c', threadId: 'none', patch: {} }],
        dedupe: { scope: 'scope', key, digest: '' },
      });
    const outcomes = await Promise.allSettled([
      commit(storage, 'before'),
      broken('broken'),
      commit(storage, 'after'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await repeated(storage, ['broken'])).toBe(0);
    expect(await repeated(storage, ['before', 'broken', 'after'])).toBe(3);
    await storage.close();
  });
});
