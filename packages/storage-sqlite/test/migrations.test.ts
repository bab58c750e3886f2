import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteSet } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-migrations-'));
afterAll(() => rmSync(folder, { recursive: true }));

const visitor = { kind: 'visitor', id: 'vis_1' } as const;
const message = {
  id: 'msg_1',
  sessionId: 'sess_1',
  seq: 2,
  version: 2,
  author: visitor,
  audience: 'all',
  content: 'hello!',
  createdAt: 2,
  clientMessageId: 'c1',
  editedAt: 3,
};

/** A file as an earlier schema left it: two sessions, a message that was edited, and commits with a `dedupe`. */
const migrated = async (name: string, schema = 1): Promise<SqliteStorage> => {
  const file = join(folder, name);
  const database = new Database(file);
  database.exec(readFileSync(new URL(`./__fixtures__/schema-${schema}.sql`, import.meta.url), 'utf8'));
  database.close();
  const storage = new SqliteStorage({ file });
  await storage.init();
  return storage;
};

describe('a file of the first schema', () => {
  it('keeps its logs and messages', async () => {
    const storage = await migrated('logs.db');
    expect(await storage.events('sess_1', { after: 0, limit: 9 })).toEqual([
      {
        event: expect.objectContaining({
          seq: 1,
          position: 1,
          at: 1,
          type: 'session_started',
          actor: visitor,
        }),
      },
      {
        event: expect.objectContaining({ seq: 2, position: 2, type: 'message', messageId: 'msg_1' }),
        message,
      },
      { event: expect.objectContaining({ seq: 3, position: 4, type: 'message_edited' }), message },
    ]);
    expect(await storage.messages('sess_1', { limit: 9 })).toEqual([message]);
    expect(await storage.message('msg_1')).toEqual(message);
    expect(await storage.messages('sess_2', { limit: 9 })).toEqual([]);
    expect(await storage.tasks.count('bridge/support')).toBe(1);
    await storage.close();
  });

  it('answers a repetition of what was committed then', async () => {
    const storage = await migrated('dedupes.db');
    const repeat = (scope: string, key: string, digest: string, rest: Partial<WriteSet> = {}) =>
      storage.commit({ at: 9, dedupe: { scope, key, digest }, ...rest });
    const session = { id: 'sess_1' };
    const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

    const connected = await repeat('connect', 'secret', '');
    expect(connected).toMatchObject({ duplicate: true, session: { id: 'sess_1', seq: 3 }, messages: [] });
    expect(types(connected.conflict ? [] : connected.events)).toEqual(['session_started']);
    const sent = await repeat('send/sess_1', 'c1', 'd', { session });
    expect(sent).toMatchObject({ duplicate: true, messages: [message] });
    expect(types(sent.conflict ? [] : sent.events)).toEqual(['message']);
    const edited = await repeat('edit', 'e1', 'd', { session });
    expect(edited).toMatchObject({ duplicate: true, messages: [message] });
    expect(types(edited.conflict ? [] : edited.events)).toEqual(['message_edited']);
    expect(await repeat('site', 's1', 'd')).toEqual({
      session: null,
      events: [],
      messages: [],
      duplicate: true,
    });
    expect(await repeat('site', 's1', 'other')).toEqual({ conflict: 'dedupe' });
    await storage.close();
  });

  it('goes on where its logs ended', async () => {
    const storage = await migrated('goes-on.db');
    const result = await storage.commit({
      at: 9,
      session: { id: 'sess_1' },
      events: [{ type: 'identified', actor: visitor }],
      expect: { token: 'hash_1', seq: 3 },
    });
    expect(result).toMatchObject({ events: [{ seq: 4 }] });
    expect(result.conflict ? 0 : result.events[0]?.position).toBeGreaterThan(4);
    await storage.close();
  });
});

describe('a file of the second schema', () => {
  it('keeps its sessions, their ends, and what its queues hold', async () => {
    const storage = await migrated('second.db', 2);
    expect(await storage.session('sess_1')).toMatchObject({ seq: 4, lastActivityAt: 4, reachedAt: 2 });
    expect(await storage.session('sess_2')).toMatchObject({ seq: 2, lastActivityAt: 6, reachedAt: 6 });
    const reached = await storage.sessions({ status: 'open', reached: true, limit: 9 });
    const open = await storage.sessions({ status: 'open', limit: 9 });
    expect(open.length).toBeGreaterThan(0);
    expect(reached).toEqual(open);
    expect(await storage.visitor({ tokenHash: 'hash_2' })).toEqual({ id: 'vis_2', createdAt: 5 });
    expect(await storage.heads(['sess_1', 'sess_2'])).toEqual(
      new Map([
        ['sess_1', 4],
        ['sess_2', 2],
      ]),
    );
    expect((await storage.messages('sess_1', { limit: 9 })).map(({ id }) => id)).toEqual(['msg_1', 'msg_2']);
    expect(await storage.tasks.count('bridge/support')).toBe(2);
    expect(await storage.tasks.count('other')).toBe(1);
    await storage.commit({ at: 9, cancel: [{ queue: 'bridge/support', key: 'sess_1' }] });
    expect(await storage.tasks.count('bridge/support')).toBe(1);
    await storage.close();
  });

  it('answers a repetition of what was committed then, and keeps new ones beside it', async () => {
    const storage = await migrated('second-dedupes.db', 2);
    const repeat = (scope: string, key: string, digest = 'd') =>
      storage.commit({ at: 9, session: { id: 'sess_1' }, dedupe: { scope, key, digest } });
    expect(await repeat('send/sess_1', 'c2')).toMatchObject({
      duplicate: true,
      messages: [{ id: 'msg_2', content: 'hello 2' }],
    });
    expect(await repeat('edit', 'e1')).toMatchObject({
      duplicate: true,
      messages: [{ id: 'msg_1', version: 2 }],
    });
    expect(await repeat('send/sess_2', 'c3')).toMatchObject({ duplicate: true, messages: [{ id: 'msg_3' }] });
    expect(await repeat('site', 's1', 'other')).toEqual({ conflict: 'dedupe' });
    expect(await repeat('site', 's2')).toMatchObject({ duplicate: false });
    expect(await repeat('site', 's2')).toMatchObject({ duplicate: true });
    await storage.close();
  });
});
