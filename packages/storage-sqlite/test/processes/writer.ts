import { writeSync } from 'node:fs';
import type { Committed, Conflict } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';

/*
 * A process that writes messages, each with a read mark beside it, and tells on its output which of them were acknowledged,
 * one name a line.
 * Arguments: the file, this writer's name, how many messages, the session they go to.
 */

const [file = '', name = '', count = '', sessionId = ''] = process.argv.slice(2);
const actor = { kind: 'visitor', id: 'vis_1' } as const;
const storage = new SqliteStorage({ file });
await storage.init();

const begin = (): Promise<Committed | Conflict> =>
  storage.commit({
    at: Date.now(),
    visitor: { id: 'vis_1', tokenHash: 'hash' },
    session: { create: { id: sessionId, visitorId: 'vis_1', metadata: {} } },
    events: [{ type: 'session_started', actor }],
    dedupe: { scope: 'begin', key: sessionId, digest: '' },
  });

const send = async (key: string): Promise<void> => {
  const id = `msg_${key}`;
  const result = await storage.commit({
    at: Date.now(),
    session: { id: sessionId },
    insert: [{ id, sessionId, author: actor, audience: 'all', content: `message ${key}` }],
    events: [{ type: 'message', messageId: id, actor }],
    tasks: [{ queue: 'deliver', key, kind: 'deliver', sessionId }],
    dedupe: { scope: sessionId, key, digest: key },
  });
  if (result.conflict !== undefined) throw new Error(result.conflict);
  writeSync(1, `${key}\n`);
};

const markRead = () =>
  storage.commit({
    at: Date.now(),
    session: { id: sessionId },
    events: [{ type: 'read', data: { by: 'visitor', status: 'read', upTo: 1 }, actor }],
  });

await begin();
for (let first = 0; first < Number(count); first += 10) {
  const each = (index: number) => [send(`${name}-${first + index}`), markRead()];
  await Promise.all(Array.from({ length: 10 }, (_, index) => each(index)).flat());
}
await storage.close();
