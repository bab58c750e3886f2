import type { Conflict, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { type Begun, begin, committed, newcomer, operator, sending, sessionOf } from './story.js';

/** Visitors whom the team keeps out. */
export const describeBlocks = (contract: StorageContract): void => {
  describe('a blocked visitor', () => {
    const fixture = freshStorage(contract);
    const block = async ({ visitorId, sessionId }: Begun, blocked = true) => {
      const { storage, clock } = fixture();
      return committed(
        await storage.commit({
          at: clock.now(),
          session: { id: sessionId },
          block: { visitorId, blocked },
          events: [
            { type: blocked ? 'visitor_blocked' : 'visitor_unblocked', actor: operator, audience: 'team' },
          ],
        }),
      );
    };
    const speak = ({ tokenHash, ...begun }: Begun, change: Partial<WriteSet> = {}) => {
      const { storage, clock } = fixture();
      return storage.commit({
        ...sending({ tokenHash, ...begun }, clock.now()),
        ...change,
        expect: { token: tokenHash, notBlocked: true, ...change.expect },
      });
    };

    it('is let in no more, in none of their sessions, until they are let in again', async () => {
      const { storage, clock } = fixture();
      const [begun, other] = [await begin(fixture()), await begin(fixture())];
      committed(await speak(begun));
      expect((await block(begun)).events).toMatchObject([
        { type: 'visitor_blocked', seq: 3, audience: 'team' },
      ]);
      expect(await speak(begun)).toEqual({ conflict: 'blocked' });
      expect(await speak(begun, { expect: { seq: 99 } })).toEqual({ conflict: 'blocked' });
      expect((await sessionOf(storage, begun)).seq).toBe(3);
      const { sessionId: id } = newcomer();
      const another: WriteSet = {
        at: clock.now(),
        session: { create: { id, visitorId: begun.visitorId, metadata: {} } },
      };
      expect(await storage.commit({ ...another, expect: { notBlocked: true } })).toEqual({
        conflict: 'blocked',
      });
      expect(await storage.session(id)).toBeNull();
      const alone: WriteSet = { at: clock.now(), expect: { token: begun.tokenHash, notBlocked: true } };
      expect(await storage.commit(alone)).toEqual({ conflict: 'blocked' });
      committed(await speak(other));
      await block(begun, false);
      committed(await speak(begun));
    });

    it('is told so before a repetition is answered, and a stranger is told of their token first', async () => {
      const begun = await begin(fixture());
      const dedupe = { scope: 's', key: 'k', digest: 'd' };
      committed(await speak(begun, { dedupe }));
      await block(begun);
      expect(await speak(begun, { dedupe })).toEqual({ conflict: 'blocked' });
      expect(await speak({ ...begun, tokenHash: 'hash_none' })).toEqual({ conflict: 'token' });
    });

    it('says since when, and is blocked once', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const { visitorId: id, tokenHash } = begun;
      const free = await storage.visitor({ id });
      expect(free).not.toHaveProperty('blockedAt');
      const blockedAt = clock.now();
      await block(begun);
      await clock.advance(1000);
      await block(begun);
      expect(await storage.visitor({ id })).toEqual({ ...free, blockedAt });
      expect(await storage.visitor({ tokenHash })).toEqual({ ...free, blockedAt });
      await block(begun, false);
      await block(begun, false);
      expect(await storage.visitor({ id })).toEqual(free);
      await clock.advance(1000);
      await block(begun);
      expect(await storage.visitor({ id })).toEqual({ ...free, blockedAt: clock.now() });
    });

    it('stays as they were when the commit comes to nothing', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const { visitorId, sessionId } = begun;
      const write: WriteSet = {
        at: clock.now(),
        session: { id: sessionId },
        block: { visitorId, blocked: true },
      };
      expect(await storage.commit({ ...write, expect: { seq: 99 } })).toEqual({ conflict: 'seq' });
      const mistaken = { ...write, update: [{ id: 'msg_none', patch: { content: 'x' } }] };
      await expect(storage.commit(mistaken)).rejects.toThrow();
      committed(await speak(begun));
      await expect(
        storage.commit({ ...write, block: { visitorId: 'vis_none', blocked: true } }),
      ).rejects.toThrow();
    });

    it('got through with exactly what came before the block', async () => {
      const begun = await begin(fixture());
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, number) => (number === 17 ? block(begun) : speak(begun))),
      );
      const blocks = (results[17] as { events: readonly { seq: number }[] }).events[0];
      const spoken = results.filter((_, number) => number !== 17);
      const through = spoken.filter(({ conflict }) => conflict === undefined) as {
        events: readonly { seq: number }[];
      }[];
      for (const { events } of through) expect(events[0]?.seq).toBeLessThan(blocks?.seq ?? 0);
      const refused = spoken.filter((result): result is Conflict => result.conflict === 'blocked');
      expect(through.length + refused.length).toBe(39);
      expect((await sessionOf(fixture().storage, begun)).seq).toBe(through.length + 2);
    });
  });
};
