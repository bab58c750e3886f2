import type { LogEntry } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, committed, operator, send, sending } from './story.js';

export const describeFeed = (contract: StorageContract): void => {
  describe('the feed', () => {
    const fixture = freshStorage(contract);
    const positions = (entries: readonly LogEntry[]) => entries.map(({ event }) => event.position);

    it('of an empty project is empty', async () => {
      const { storage } = fixture();
      expect(await storage.feed({ after: 0, limit: 10 })).toEqual([]);
      expect(await storage.newestPosition()).toBe(0);
    });

    it('is the log of all sessions, in the order of the commits', async () => {
      const { storage, clock } = fixture();
      const one = await begin(fixture());
      const two = await begin(fixture());
      await send(fixture(), one, { content: 'first' });
      await send(fixture(), two, { content: 'second' });
      const events = [{ type: 'session_closed', actor: operator } as const];
      const session = { id: one.sessionId, patch: { status: 'closed' } } as const;
      committed(await storage.commit({ at: clock.now(), session, events }));
      await send(fixture(), two, { content: 'third' });

      const entries = await storage.feed({ after: 0, limit: 10 });
      expect(entries.map(({ event, message }) => [event.sessionId, event.type, message?.content])).toEqual([
        [one.sessionId, 'session_started', undefined],
        [two.sessionId, 'session_started', undefined],
        [one.sessionId, 'message', 'first'],
        [two.sessionId, 'message', 'second'],
        [one.sessionId, 'session_closed', undefined],
        [two.sessionId, 'message', 'third'],
      ]);
      expect(positions(entries)).toEqual(positions(entries).toSorted((a, b) => a - b));
      expect(new Set(positions(entries)).size).toBe(entries.length);
      expect(await storage.newestPosition()).toBe(positions(entries).at(-1));
    });

    it('tells the same as the logs of the sessions', async () => {
      const { storage } = fixture();
      const begun = [await begin(fixture()), await begin(fixture())];
      for (let round = 0; round < 3; round++) for (const one of begun) await send(fixture(), one);
      const logs = await Promise.all(
        begun.map(({ sessionId }) => storage.events(sessionId, { after: 0, limit: 100 })),
      );
      const together = logs.flat().toSorted((a, b) => a.event.position - b.event.position);
      expect(await storage.feed({ after: 0, limit: 100 })).toEqual(together);
    });

    it('goes on after any position, page by page', async () => {
      const { storage } = fixture();
      const begun = [await begin(fixture()), await begin(fixture())];
      for (let round = 0; round < 5; round++) for (const one of begun) await send(fixture(), one);
      const all = await storage.feed({ after: 0, limit: 100 });
      expect(all).toHaveLength(12);
      const paged: LogEntry[] = [];
      for (;;) {
        const after = paged.at(-1)?.event.position ?? 0;
        const page = await storage.feed({ after, limit: 5 });
        paged.push(...page);
        if (page.length < 5) break;
      }
      expect(paged).toEqual(all);
      expect(await storage.feed({ after: await storage.newestPosition(), limit: 5 })).toEqual([]);
    });

    it('shows a message as it stands now', async () => {
      const { storage, clock } = fixture();
      const one = await begin(fixture());
      const message = await send(fixture(), one, { content: 'before' });
      committed(
        await storage.commit({
          at: clock.now(),
          session: { id: one.sessionId },
          update: [{ id: message.id, patch: { content: 'after', editedAt: clock.now() } }],
          events: [{ type: 'message_edited', messageId: message.id, actor: one.visitor }],
        }),
      );
      const [, ...entries] = await storage.feed({ after: 0, limit: 10 });
      expect(entries.map(({ event, message }) => [event.type, message?.content])).toEqual([
        ['message', 'after'],
        ['message_edited', 'after'],
      ]);
    });

    it('never shows anything later at or before a position that it has shown', async () => {
      const { storage, clock } = fixture();
      const begun = await Promise.all(Array.from({ length: 4 }, () => begin(fixture())));
      const seen: number[] = [];
      let writing = true;
      const writers = Promise.all(
        begun.map(async (one) => {
          for (let round = 0; round < 25; round++) await storage.commit(sending(one, clock.now()));
        }),
      ).finally(() => {
        writing = false;
      });
      const read = async () => {
        const newest = await storage.newestPosition();
        const page = await storage.feed({ after: seen.at(-1) ?? 0, limit: 1000 });
        seen.push(...positions(page));
        expect(seen.at(-1) ?? 0).toBeGreaterThanOrEqual(newest);
        // A storage may write once all else has had its turn.
        await new Promise((resolve) => setTimeout(resolve));
      };
      while (writing) await read();
      await writers;
      await read();
      expect(seen).toHaveLength(4 + 100);
      expect(positions(await storage.feed({ after: 0, limit: 1000 }))).toEqual(seen);
    });
  });
};
