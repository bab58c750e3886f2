import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Committed, WriteSet } from '@pocketping/core';
import { type SqliteDatabase, SqliteStorage } from '@pocketping/storage-sqlite';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-sharing-'));
afterAll(() => rmSync(folder, { recursive: true }));

const actor = { kind: 'visitor', id: 'vis_1' } as const;
const beginning: WriteSet = {
  at: 0,
  visitor: { id: 'vis_1', tokenHash: 'hash' },
  session: { create: { id: 'sess_1', visitorId: 'vis_1', metadata: {} } },
  events: [{ type: 'session_started', actor }],
};
const going: WriteSet = { at: 1, session: { id: 'sess_1' }, events: [{ type: 'identified', actor }] };

const opened = async (name: string): Promise<SqliteStorage> => {
  const storage = new SqliteStorage({ file: join(folder, name) });
  await storage.init();
  return storage;
};

const turnsOfTheEventLoop = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('two that share a file', () => {
  it('see what the other wrote, and number their events in the order of the commits', async () => {
    const [one, other] = [await opened('two.db'), await opened('two.db')];
    await one.commit(beginning);
    const positions: number[] = [];
    for (let round = 0; round < 20; round++) {
      const storage = round % 3 === 0 ? one : other;
      const { session, events } = (await storage.commit({
        ...going,
        expect: { seq: round + 1 },
      })) as Committed;
      expect(session?.seq).toBe(round + 2);
      positions.push(events[0]?.position as number);
    }
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(20);
    await one.commit({ at: 2, session: { id: 'sess_1', patch: { status: 'closed' } } });
    expect(await other.commit({ ...going, expect: { status: 'open' } })).toEqual({ conflict: 'status' });
    await one.close();
    await other.close();
  });

  it('wait for each other also when one of a group has failed and all of it is done again', async () => {
    const other = new Database(join(folder, 'group.db'));
    const database = new Database(join(folder, 'group.db'));
    let isTaken = false;
    const exec = (sql: string) => {
      database.exec(sql);
      if (sql !== 'ROLLBACK' || isTaken) return;
      isTaken = true;
      other.exec('BEGIN IMMEDIATE');
    };
    const storage = new SqliteStorage({
      database: { prepare: (sql) => (database as SqliteDatabase).prepare(sql), exec, close: () => {} },
    });
    await storage.init();
    await storage.commit(beginning);
    const settled: string[] = [];
    const good = storage.commit(going).then(() => settled.push('good'));
    const bad = storage.commit({ at: 1, events: going.events ?? [] }).catch(() => settled.push('bad'));
    await turnsOfTheEventLoop(2000);
    expect([isTaken, settled]).toEqual([true, []]);
    other.exec('ROLLBACK');
    await Promise.all([good, bad]);
    expect(settled.toSorted()).toEqual(['bad', 'good']);
    expect((await storage.session('sess_1'))?.seq).toBe(2);
    await storage.close();
    database.close();
    other.close();
  });

  it('wait for each other without stopping the event loop', async () => {
    const database = new Database(join(folder, 'waits.db'));
    const storage = new SqliteStorage({ database: database as SqliteDatabase });
    await storage.init();
    expect(database.pragma('busy_timeout')).toEqual([{ timeout: 4 }]);
    const other = new Database(join(folder, 'waits.db'));
    other.exec('BEGIN IMMEDIATE');
    const settled: string[] = [];
    const commit = storage.commit(beginning).then(() => settled.push('commit'));
    const take = storage.lease.take('pump', 'a', 1000).then(() => settled.push('lease'));
    await turnsOfTheEventLoop(2000);
    expect(settled).toEqual([]);
    other.exec('ROLLBACK');
    await Promise.all([commit, take]);
    expect((await storage.session('sess_1'))?.seq).toBe(1);
    await storage.close();
    database.close();
    other.close();
  });

  it('write what waits for the other before they close', async () => {
    const storage = await opened('closes.db');
    const other = new Database(join(folder, 'closes.db'));
    other.exec('BEGIN IMMEDIATE');
    const commit = storage.commit(beginning);
    const closed = storage.close();
    await turnsOfTheEventLoop(100);
    other.exec('ROLLBACK');
    other.close();
    await closed;
    expect(await commit).toMatchObject({ session: { seq: 1 } });
  });
});

describe('the write-ahead log', () => {
  it('is moved into the file in the background', async () => {
    const file = join(folder, 'log.db');
    const storage = await opened('log.db');
    const content = 'x'.repeat(1000);
    await Promise.all(
      Array.from({ length: 2000 }, (_, index) =>
        storage.commit({ at: 0, state: [{ scope: 'scope', key: String(index), value: content }] }),
      ),
    );
    while (statSync(file).size < 300_000) await turnsOfTheEventLoop(1);
    await storage.close();
  });

  it('begins anew under a steady load', { timeout: 60_000 }, async () => {
    const file = join(folder, 'steady.db');
    const storage = await opened('steady.db');
    const content = 'x'.repeat(20_000);
    for (let round = 0; round < 200; round++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          storage.commit({ at: 0, state: [{ scope: 'scope', key: String(index), value: content }] }),
        ),
      );
    }
    expect(statSync(`${file}-wal`).size).toBeLessThan(130e6);
    await storage.close();
  });
});
