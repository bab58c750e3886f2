import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PocketPingError, type StoragePort, type WriteSet } from '@pocketping/core';
import { type SqliteDatabase, SqliteStorage } from '@pocketping/storage-sqlite';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const keeping = (key: string, value = 'value'): WriteSet => ({
  at: 0,
  state: [{ scope: 'scope', key, value }],
});

const keysOf = async (storage: StoragePort): Promise<string[]> =>
  (await storage.states('scope')).map(({ key }) => key);

const opened = async (file: string): Promise<SqliteStorage> => {
  const storage = new SqliteStorage({ file });
  await storage.init();
  return storage;
};

/** A storage over a database that the test can torment. */
const tormented = async (name: string) => {
  const database = new Database(join(folder, name));
  const storage = new SqliteStorage({ database: database as SqliteDatabase, waitMs: 50 });
  await storage.init();
  return { database, storage };
};

const failing = async (promise: Promise<unknown>): Promise<PocketPingError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!PocketPingError.isInstance(error)) expect.fail(`expected a PocketPingError, got ${String(error)}`);
  expect(error.code).toBe('unavailable');
  expect(error.retryable).toBe(true);
  return error;
};

describe('the file', () => {
  it('is created with its folder', async () => {
    const file = join(folder, 'some', 'where', 'new.db');
    const storage = await opened(file);
    await storage.commit(keeping('a'));
    await storage.close();
    expect(existsSync(file)).toBe(true);
  });

  it('may be in memory', async () => {
    const storage = await opened(':memory:');
    await storage.commit(keeping('a'));
    expect(await keysOf(storage)).toEqual(['a']);
    await storage.close();
  });

  it('holds what was still waiting when it was closed', async () => {
    const file = join(folder, 'flushed.db');
    const storage = await opened(file);
    const writes = Array.from({ length: 250 }, (_, index) => storage.commit(keeping(String(index))));
    await storage.close();
    await Promise.all(writes);
    const again = await opened(file);
    expect(await keysOf(again)).toHaveLength(250);
    await again.close();
  });

  it('is let go of when it is closed, twice without harm, and may be opened again', async () => {
    const storage = await opened(join(folder, 'closed.db'));
    await storage.close();
    await storage.close();
    expect((await failing(storage.commit(keeping('a')))).message).toContain('init()');
    expect((await failing(storage.session('sess_1'))).message).toContain('init()');
    await storage.init();
    await storage.init();
    await storage.commit(keeping('b'));
    expect(await keysOf(storage)).toEqual(['b']);
    await storage.close();
  });

  it('is left open when it came from outside', async () => {
    const { database, storage } = await tormented('outside.db');
    await storage.commit(keeping('a'));
    await storage.close();
    expect(database.prepare('SELECT count(*) AS count FROM state').get([])).toMatchObject({ count: 1 });
    database.close();
  });
});

describe('what goes wrong with the file', () => {
  it('tells of a newer schema', async () => {
    const { database, storage } = await tormented('newer.db');
    await storage.close();
    database.exec('PRAGMA user_version = 99');
    database.close();
    const error = await failing(opened(join(folder, 'newer.db')));
    expect(error.message).toMatch(/newer @pocketping\/storage-sqlite.*schema 99.*Update the package/);
  });

  it('tells of something that is no database', async () => {
    const file = join(folder, 'letter.db');
    writeFileSync(file, 'Dear database, '.repeat(1000));
    const error = await failing(opened(file));
    expect(error.message).toContain(`${file} is not a SQLite database`);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('tells of a damaged file', async () => {
    const { database, storage } = await tormented('damaged.db');
    await storage.commit(keeping('a'));
    database.exec('PRAGMA writable_schema = ON');
    database.exec("UPDATE sqlite_schema SET rootpage = 999 WHERE name = 'state'");
    database.close();
    const error = await failing(opened(join(folder, 'damaged.db')));
    expect(error.message).toMatch(/damaged.*restore a backup/);
  });

  it('tells of a path that cannot be opened', async () => {
    mkdirSync(join(folder, 'folder.db'));
    expect((await failing(opened(join(folder, 'folder.db')))).message).toContain('cannot be opened');
    writeFileSync(join(folder, 'plain'), '');
    expect((await failing(opened(join(folder, 'plain', 'a.db')))).message).toContain('cannot be opened');
  });

  it('tells of a file that cannot be written', async () => {
    const { database, storage } = await tormented('readonly.db');
    database.exec('PRAGMA query_only = ON');
    expect((await failing(storage.commit(keeping('a')))).message).toContain('cannot be written');
    database.exec('PRAGMA query_only = OFF');
    await storage.commit(keeping('a'));
    await storage.close();
    database.close();
  });

  it('tells of a full disk, writes nothing, and goes on when there is room', async () => {
    const { database, storage } = await tormented('full.db');
    const [{ page_count: pages }] = database.pragma('page_count') as [{ page_count: number }];
    database.pragma(`max_page_count = ${pages + 4}`);
    await storage.commit(keeping('before'));
    const writes = Array.from({ length: 20 }, (_, index) =>
      storage.commit(keeping(String(index), 'x'.repeat(4000))),
    );
    const settled = await Promise.allSettled(writes);
    const kept = settled.flatMap(({ status }, index) => (status === 'fulfilled' ? [String(index)] : []));
    expect(kept.length).toBeLessThan(20);
    expect((await failing(storage.commit(keeping('late', 'x'.repeat(40_000))))).message).toContain('is full');
    expect((await keysOf(storage)).toSorted()).toEqual(['before', ...kept].toSorted());
    database.pragma('max_page_count = 100000');
    await storage.commit(keeping('after', 'x'.repeat(40_000)));
    expect(await keysOf(storage)).toContain('after');
    await storage.close();
    database.close();
  });

  it('tells of another process that keeps the lock, and fails everything that waited', async () => {
    const { database, storage } = await tormented('busy.db');
    const other = new Database(join(folder, 'busy.db'));
    other.exec('BEGIN IMMEDIATE');
    const writes = [storage.commit(keeping('a')), storage.commit(keeping('b'))];
    for (const write of writes) expect((await failing(write)).message).toContain('keeps');
    other.exec('ROLLBACK');
    other.close();
    expect(await keysOf(storage)).toEqual([]);
    await storage.commit(keeping('c'));
    expect(await keysOf(storage)).toEqual(['c']);
    await storage.close();
    database.close();
  });
});
