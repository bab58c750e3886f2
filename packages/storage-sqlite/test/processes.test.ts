import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, startHolder, startWriter } from './processes/start.js';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-processes-'));
beforeAll(buildPrograms, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The contents of a session, in the order of its log, with the log checked. */
const contentsOf = async (file: string, sessionId: string): Promise<string[]> => {
  const storage = new SqliteStorage({ file });
  await storage.init();
  const log = await storage.events(sessionId, { after: 0, limit: 100_000 });
  expect(log.map(({ event }) => event.seq)).toEqual(log.map((_, index) => index + 1));
  expect((await storage.session(sessionId))?.seq).toBe(log.length);
  const messages = await storage.messages(sessionId, { limit: 100_000 });
  expect(await storage.tasks.count('deliver')).toBe(messages.length);
  await storage.close();
  return messages.map(({ content }) => content.replace('message ', ''));
};

describe('processes', () => {
  it('that are killed leave every acknowledged commit, exactly once', { timeout: 60_000 }, async () => {
    const file = join(folder, 'killed.db');
    const acknowledged: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const writer = startWriter(file, name, 1_000_000, 'sess_1');
      await writer.until(300);
      writer.process.kill('SIGKILL');
      expect(await writer.exit).toBeNull();
      acknowledged.push(...writer.acknowledged);
      const contents = await contentsOf(file, 'sess_1');
      expect(new Set(contents).size).toBe(contents.length);
      const kept = new Set(contents);
      expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
    }
    const storage = new SqliteStorage({ file });
    await storage.init();
    const again = await storage.commit({
      at: 0,
      session: { id: 'sess_1' },
      dedupe: { scope: 'sess_1', key: acknowledged[0] as string, digest: acknowledged[0] as string },
    });
    expect(again).toMatchObject({ duplicate: true, messages: [{ id: `msg_${acknowledged[0]}` }] });
    await storage.close();
  });

  it('read the log without a hole while others write', { timeout: 60_000 }, async () => {
    const file = join(folder, 'read.db');
    const writer = startWriter(file, 'a', 2000, 'sess_1');
    await writer.until(1);
    const storage = new SqliteStorage({ file });
    await storage.init();
    let over = false;
    void writer.exit.then(() => {
      over = true;
    });
    const read: number[] = [];
    for (let last = false; !last; ) {
      last = over;
      const page = await storage.events('sess_1', { after: read.length, limit: 50 });
      for (const { event } of page) read.push(event.seq);
      await new Promise((resolve) => setImmediate(resolve));
      if (page.length === 50) last = false;
    }
    expect(read).toEqual(read.map((_, index) => index + 1));
    expect(read).toHaveLength(4001);
    await storage.close();
  });

  it('that are killed leave no lease behind, and those that live do', async () => {
    const file = join(folder, 'leases.db');
    const holder = startHolder(file, 'bridge');
    await holder.until(1);
    const storage = new SqliteStorage({ file });
    await storage.init();
    expect(await storage.lease.take('bridge', 'successor', 30_000)).toBeNull();
    holder.process.kill('SIGKILL');
    await holder.exit;
    expect(await storage.lease.take('bridge', 'successor', 30_000)).toBe(Number(holder.acknowledged[0]) + 1);
    await storage.close();
  });

  it('that start at once on a new file share it', { timeout: 60_000 }, async () => {
    const file = join(folder, 'shared.db');
    const writers = ['a', 'b', 'c'].map((name) => startWriter(file, name, 200, 'sess_1'));
    expect(await Promise.all(writers.map(({ exit }) => exit))).toEqual([0, 0, 0]);
    const contents = await contentsOf(file, 'sess_1');
    expect(contents).toHaveLength(600);
    for (const name of ['a', 'b', 'c']) {
      const own = contents.filter((content) => content.startsWith(`${name}-`));
      expect(own.toSorted()).toEqual(
        Array.from({ length: 200 }, (_, index) => `${name}-${index}`).toSorted(),
      );
    }
  });
});
