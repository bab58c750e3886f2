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

/** A file as the first schema left it: two sessions, one message that was edited, and four commits with a `dedupe`. */
const migrated = async (name: string): Promise<SqliteStorage> => {
  const file = join(folder, name);
  const database = new Database(file);
  database.exec(readFileSync(new URL('./__fixtures__/schema-1.sql', import.meta.url), 'utf8'));
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
