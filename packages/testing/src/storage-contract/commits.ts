import type { NewEvent, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, beginning, committed, newcomer, nextId, operator, send, sending } from './story.js';

export const describeCommits = (contract: StorageContract): void => {
  describe('a commit', () => {
    const fixture = freshStorage(contract);

    it('returns what it wrote', async () => {
      const { storage, clock } = fixture();
      const begun = newcomer();
      const first = committed(await storage.commit(beginning(begun, clock.now())));
      expect(first).toMatchObject({ duplicate: false, messages: [] });
      expect(first.session).toEqual({
        id: begun.sessionId,
        visitorId: begun.visitorId,
        status: 'open',
        createdAt: clock.now(),
        lastActivityAt: clock.now(),
        seq: 1,
        operatorSeq: 0,
        operatorDeliveredSeq: 0,
        operatorReadSeq: 0,
        visitorDeliveredSeq: 0,
        visitorReadSeq: 0,
        metadata: { url: 'https://shop.example/' },
      });
      expect(first.session).toEqual(await storage.session(begun.sessionId));
      await clock.advance(1000);
      const write = sending(begun, clock.now(), { content: 'hi', clientMessageId: 'c1', replyTo: 'msg_x' });
      const second = committed(await storage.commit(write));
      expect(second.messages).toEqual([{ ...write.insert[0], seq: 2, version: 1, createdAt: clock.now() }]);
      expect(second.events).toEqual([
        {
          type: 'message',
          messageId: write.insert[0].id,
          actor: begun.visitor,
          audience: 'all',
          sessionId: begun.sessionId,
          seq: 2,
          position: second.events[0]?.position,
          at: clock.now(),
        },
      ]);
      expect(second.session).toMatchObject({ seq: 2, lastActivityAt: clock.now() });
    });

    it('keeps every field of an event, and its mark to itself', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const actor = { kind: 'operator', id: '7', name: 'Ada "🦊"', via: 'support' } as const;
      const events: NewEvent[] = [
        { type: 'read', data: { by: 'operator', status: 'read', upTo: 1 }, actor },
        { type: 'identified', actor: begun.visitor, audience: 'team', origin: 'support' },
        { type: 'session_closed', actor, marks: 'operator' },
      ];
      const write = { at: clock.now(), session: { id: begun.sessionId }, events };
      const { events: logged } = committed(await storage.commit(write));
      const entries = await storage.events(begun.sessionId, { after: 1, limit: 10 });
      expect(entries).toEqual(logged.map((event) => ({ event })));
      expect(logged[0]).toMatchObject({ ...events[0], seq: 2, audience: 'all' });
      expect(logged[0]).not.toHaveProperty('origin');
      expect(logged[1]).toMatchObject({ ...events[1], seq: 3 });
      expect(logged[2]).toMatchObject({ type: 'session_closed', actor, seq: 4 });
      expect(logged[2]).not.toHaveProperty('marks');
    });

    it('keeps a custom event with what it carries, whatever keys that has, and until when it is told', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const carried = {
        plan: 'pro',
        'naïve "🦊"': [1, { deep: [null, true, 0.5] }],
        type: 'message',
        name: '',
      };
      const events: NewEvent[] = [
        { type: 'custom_event', data: { name: 'clicked 🛒', data: carried }, actor: begun.visitor },
        { type: 'custom_event', data: { name: 'bare' }, actor: begun.visitor },
        {
          type: 'custom_event',
          data: { name: 'show_offer', data: {}, expiresAt: clock.now() + 60_000 },
          actor: { kind: 'system', id: 'site' },
        },
      ];
      const write = { at: clock.now(), session: { id: begun.sessionId }, events };
      const { events: logged } = committed(await storage.commit(write));
      const entries = await storage.events(begun.sessionId, { after: 1, limit: 10 });
      expect(entries).toEqual(logged.map((event) => ({ event })));
      expect(entries.map(({ event }) => event)).toMatchObject(events);
      expect(entries[1]?.event).toHaveProperty('data', { name: 'bare' });
      // The engine skips it once its time has passed; the log keeps it.
      await clock.advance(3_600_000);
      expect(await storage.events(begun.sessionId, { after: 3, limit: 10 })).toEqual([{ event: logged[2] }]);
    });

    it('keeps an event apart from the message it brings', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const write = sending(begun, clock.now(), { author: operator });
      const actor = { kind: 'apiKey', id: 'key_1' } as const;
      const event = { ...write.events[0], actor, audience: 'team', origin: 'support' } as const;
      const dedupe = { scope: 's', key: 'k', digest: 'd' };
      const result = committed(await storage.commit({ ...write, events: [event], dedupe }));
      expect(result.events[0]).toMatchObject({ ...event, seq: 2 });
      expect(result.messages[0]).toMatchObject({ author: operator, audience: 'all' });
      const [entry] = await storage.events(begun.sessionId, { after: 1, limit: 1 });
      expect(entry).toEqual({ event: result.events[0], message: result.messages[0] });
      const again = committed(await storage.commit({ ...write, events: [event], dedupe }));
      expect(again.events).toEqual(result.events);
    });

    it('returns no session when it has none', async () => {
      const { storage, clock } = fixture();
      const write = { at: clock.now(), state: [{ scope: 'scope', key: 'a', value: 1 }] };
      expect(await storage.commit(write)).toEqual({
        session: null,
        events: [],
        messages: [],
        duplicate: false,
      });
    });

    it('numbers concurrent commits of a session without gaps, in the order in which they see each other', async () => {
      const { storage, clock } = fixture();
      const [one, other] = [await begin(fixture()), await begin(fixture())];
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          storage.commit(sending(index % 2 ? one : other, clock.now(), { content: `message ${index}` })),
        ),
      );
      for (const { sessionId } of [one, other]) {
        const mine = results.map(committed).filter(({ session }) => session?.id === sessionId);
        const seqs = mine.map(({ events }) => events[0]?.seq as number).sort((a, b) => a - b);
        expect(seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
        for (const { session, events, messages } of mine) {
          expect(session?.seq).toBe(events[0]?.seq);
          expect(messages[0]?.seq).toBe(events[0]?.seq);
        }
        const log = await storage.events(sessionId, { after: 0, limit: 1000 });
        expect(log.map(({ event }) => event.seq)).toEqual(
          Array.from({ length: 51 }, (_, index) => index + 1),
        );
      }
    });

    it('gives events positions that grow over all sessions', async () => {
      const { storage } = fixture();
      const [one, other] = [await begin(fixture()), await begin(fixture())];
      for (const begun of [one, other, one, one, other]) await send(fixture(), begun);
      const logs = [one, other].map(({ sessionId }) => storage.events(sessionId, { after: 0, limit: 100 }));
      const positions = (await Promise.all(logs)).map((log) => log.map(({ event }) => event.position));
      for (const own of positions) expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(new Set(positions.flat()).size).toBe(7);
    });

    it('gives every message the seq of its own event', async () => {
      const { storage, clock } = fixture();
      const { sessionId, visitor } = await begin(fixture());
      const [first, second] = [nextId('msg_'), nextId('msg_')];
      const message = (id: string) =>
        ({ id, sessionId, author: visitor, audience: 'all', content: id }) as const;
      const { messages, session } = committed(
        await storage.commit({
          at: clock.now(),
          session: { id: sessionId },
          insert: [message(second), message(first)],
          events: [
            { type: 'session_reopened', actor: visitor },
            { type: 'message', messageId: first, actor: visitor },
            { type: 'identified', actor: visitor },
            { type: 'message', messageId: second, actor: visitor },
          ],
        }),
      );
      expect(Object.fromEntries(messages.map(({ id, seq }) => [id, seq]))).toEqual({
        [first]: 3,
        [second]: 5,
      });
      expect(session?.seq).toBe(5);
      const page = await storage.messages(sessionId, { limit: 10 });
      expect(page.map(({ id }) => id)).toEqual([first, second]);
    });

    it('adds one to the version of a message with every patch, and keeps the rest of it', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const message = await send(fixture(), begun, { content: 'frist' });
      const patch = (patch: { content: string; editedAt?: number; deletedAt?: number }): WriteSet => ({
        at: clock.now(),
        session: { id: begun.sessionId },
        update: [{ id: message.id, patch }],
        events: [{ type: 'message_edited', messageId: message.id, actor: begun.visitor }],
      });
      const edited = committed(await storage.commit(patch({ content: 'first', editedAt: 5 })));
      expect(edited.messages).toEqual([{ ...message, content: 'first', editedAt: 5, version: 2 }]);
      const deleted = committed(await storage.commit(patch({ content: '', deletedAt: 6 })));
      const expected = { ...message, content: '', editedAt: 5, deletedAt: 6, version: 3 };
      expect(deleted.messages).toEqual([expected]);
      expect(await storage.message(message.id)).toEqual(expected);
      const entries = await storage.events(begun.sessionId, { after: 1, limit: 10 });
      expect(entries.map((entry) => entry.message)).toEqual([expected, expected, expected]);
    });

    it('loses no version when patches race', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const { id } = await send(fixture(), begun);
      const write = {
        at: clock.now(),
        session: { id: begun.sessionId },
        update: [{ id, patch: { content: 'x' } }],
      };
      const results = await Promise.all(Array.from({ length: 20 }, () => storage.commit(write)));
      const versions = results.map((result) => committed(result).messages[0]?.version as number);
      expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    });

    it('keeps text as it is', async () => {
      const { storage } = fixture();
      const begun = await begin(fixture());
      const content = `'; DROP TABLE messages; -- "\\" \u200B👩‍🚀 \u0001\r\n\t ${'x'.repeat(10_000)}`;
      const { id } = await send(fixture(), begun, { content });
      expect((await storage.message(id))?.content).toBe(content);
    });

    it('does not fail together with its neighbours', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const results = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) => {
          const write = sending(begun, clock.now());
          if (index % 3 === 1) return storage.commit({ ...write, expect: { token: 'nobody' } });
          if (index % 3 === 2) return storage.commit({ ...write, events: [] });
          return storage.commit(write);
        }),
      );
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
      const log = await storage.events(begun.sessionId, { after: 1, limit: 100 });
      expect(log.map(({ event }) => event.seq)).toEqual(Array.from({ length: 10 }, (_, index) => index + 2));
    });
  });
};
