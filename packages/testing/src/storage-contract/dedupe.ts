import type { NewMessage, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { type Begun, begin, beginning, committed, newcomer, send, sending } from './story.js';

export const describeDedupe = (contract: StorageContract): void => {
  describe('a repeated commit', () => {
    const fixture = freshStorage(contract);
    const keyed = (begun: Begun, at: number, key = 'c1', digest = 'hello'): WriteSet => ({
      ...sending(begun, at),
      dedupe: { scope: begun.sessionId, key, digest },
    });

    it('writes nothing and returns the first result', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const first = committed(await storage.commit(keyed(begun, clock.now())));
      await clock.advance(5000);
      const again = committed(await storage.commit(keyed(begun, clock.now())));
      expect(again).toEqual({ ...first, duplicate: true });
      expect(await storage.messages(begun.sessionId, { limit: 10 })).toHaveLength(1);
    });

    it('returns the session and the messages as they stand now', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const first = committed(await storage.commit(keyed(begun, clock.now())));
      const { id } = first.messages[0] as { id: string };
      await storage.commit({
        at: clock.now(),
        session: { id: begun.sessionId, patch: { status: 'closed' } },
        update: [{ id, patch: { content: 'changed' } }],
      });
      const again = committed(await storage.commit(keyed(begun, clock.now())));
      expect(again.events).toEqual(first.events);
      expect(again.messages[0]).toMatchObject({ id, content: 'changed', version: 2 });
      expect(again.session?.status).toBe('closed');
    });

    it('returns no message that it only named, such as one of another session with the same seq', async () => {
      const { storage, clock } = fixture();
      const [begun, other] = [await begin(fixture()), await begin(fixture())];
      const messageId = 'msg_named';
      const naming: WriteSet = {
        at: clock.now(),
        session: { id: begun.sessionId },
        events: [{ type: 'message', messageId, actor: { kind: 'visitor', id: begun.visitorId } }],
        dedupe: { scope: begun.sessionId, key: 'c1', digest: '' },
      };
      const first = committed(await storage.commit(naming));
      const [message] = sending(other, clock.now()).insert ?? [];
      const sent = committed(
        await storage.commit({
          at: clock.now(),
          session: { id: other.sessionId },
          insert: [{ ...(message as NewMessage), id: messageId }],
          events: [{ type: 'message', messageId, actor: { kind: 'visitor', id: other.visitorId } }],
        }),
      );
      expect(sent.messages[0]?.seq).toBe(first.events[0]?.seq);
      const again = committed(await storage.commit(naming));
      expect(again).toMatchObject({ duplicate: true, messages: [] });
    });

    it('conflicts with another digest', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      committed(await storage.commit(keyed(begun, clock.now())));
      expect(await storage.commit(keyed(begun, clock.now(), 'c1', 'other'))).toEqual({ conflict: 'dedupe' });
    });

    it('is told apart by scope and key, whatever they hold', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      for (const [scope, key] of [
        ['a', 'b'],
        ['a', 'c'],
        ['ab', ''],
        ['', 'ab'],
        ['a', 'b\u0001'],
        ['1:a', 'b'],
      ]) {
        const dedupe = { scope, key, digest: 'same' } as { scope: string; key: string; digest: string };
        const result = committed(await storage.commit({ ...sending(begun, clock.now()), dedupe }));
        expect(result.duplicate).toBe(false);
      }
    });

    it('writes once when fifty race', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const results = await Promise.all(
        Array.from({ length: 50 }, () => storage.commit(keyed(begun, clock.now()))),
      );
      const all = results.map(committed);
      expect(all.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
      expect(new Set(all.map(({ messages }) => messages[0]?.id)).size).toBe(1);
      expect(await storage.messages(begun.sessionId, { limit: 100 })).toHaveLength(1);
      expect((await storage.session(begun.sessionId))?.seq).toBe(2);
    });

    it('remembers nothing of a commit that failed', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const failing = { ...keyed(begun, clock.now()), expect: { seq: 7 } };
      expect(await storage.commit(failing)).toEqual({ conflict: 'seq' });
      expect(committed(await storage.commit(keyed(begun, clock.now()))).duplicate).toBe(false);
    });

    it('finds the session that the first one created, though it names another', async () => {
      const { storage, clock } = fixture();
      const dedupe = { scope: 'connect', key: 'secret', digest: '' };
      const [first, second] = [newcomer(), newcomer()];
      committed(await storage.commit({ ...beginning(first, clock.now()), dedupe }));
      await send(fixture(), first);
      const again = committed(await storage.commit({ ...beginning(second, clock.now()), dedupe }));
      expect(again).toMatchObject({ duplicate: true, session: { id: first.sessionId, seq: 2 } });
      expect(again.events.map(({ type }) => type)).toEqual(['session_started']);
      expect(await storage.session(second.sessionId)).toBeNull();
      expect(await storage.visitor({ id: second.visitorId })).toBeNull();
    });

    it('works for a commit without a session', async () => {
      const { storage, clock } = fixture();
      const write: WriteSet = {
        at: clock.now(),
        state: [{ scope: 'scope', key: 'a', value: 1 }],
        dedupe: { scope: 's', key: 'k', digest: 'd' },
      };
      await storage.commit(write);
      const again = { session: null, events: [], messages: [], duplicate: true };
      expect(await storage.commit(write)).toEqual(again);
      expect((await storage.state('scope', 'a'))?.version).toBe(1);
    });
  });
};
