import type { Expectations, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, beginning, committed, newcomer, operator, send, sending, sessionOf } from './story.js';

export const describeExpectations = (contract: StorageContract): void => {
  describe('an expectation', () => {
    const fixture = freshStorage(contract);

    it('is checked in its place', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const at = clock.now();
      committed(
        await storage.commit({
          ...sending(begun, at),
          dedupe: { scope: 's', key: 'taken', digest: 'd' },
          state: [{ scope: 'scope', key: 'a', value: 1 }],
        }),
      );
      let write: WriteSet = {
        at,
        session: { id: 'sess_none' },
        visitor: { id: begun.visitorId, tokenHash: 'hash_new' },
        state: [{ scope: 'scope', key: 'a', value: 2, ifVersion: 2 }],
        dedupe: { scope: 's', key: 'taken', digest: 'other' },
        expect: {
          token: 'hash_none',
          notBlocked: true,
          seq: 99,
          operatorSeq: 99,
          status: 'ended',
          fence: { lease: 'none', token: 1 },
        },
      };
      const mend = (change: Partial<Expectations>) => ({ expect: { ...write.expect, ...change } });
      const token = await storage.lease.take('none', 'me', 1000);
      const steps: [string, () => Partial<WriteSet>][] = [
        ['session', () => ({ session: { id: begun.sessionId } })],
        ['token', () => mend({ token: begun.tokenHash })],
        ['blocked', () => ({})],
        ['dedupe', () => ({ dedupe: { scope: 's', key: 'free', digest: 'd' } })],
        ['seq', () => mend({ seq: 2 })],
        ['operatorSeq', () => mend({ operatorSeq: 0 })],
        ['status', () => mend({ status: 'open' })],
        ['fence', () => mend({ fence: { lease: 'none', token: token as number } })],
        ['state', () => ({ state: [{ scope: 'scope', key: 'a', value: 2, ifVersion: 1 }] })],
        ['visitor', () => ({ visitor: { id: 'vis_new', tokenHash: 'hash_new' } })],
      ];
      await storage.lease.release('none', 'me');
      const block = (blocked: boolean) =>
        storage.commit({ at, block: { visitorId: begun.visitorId, blocked } });
      committed(await block(true));
      for (const [conflict, step] of steps) {
        if (conflict === 'fence') {
          const renewed = (await storage.lease.take('none', 'me', 1000)) as number;
          expect(
            await storage.commit({ ...write, ...mend({ fence: { lease: 'none', token: renewed + 1 } }) }),
          ).toEqual({ conflict });
          write = { ...write, ...mend({ fence: { lease: 'none', token: renewed } }) };
          continue;
        }
        expect(await storage.commit(write)).toEqual({ conflict });
        if (conflict === 'blocked') committed(await block(false));
        write = { ...write, ...step() };
      }
      expect(committed(await storage.commit(write)).duplicate).toBe(false);
    });

    it('answers a repetition before it looks at what has changed since', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const write: WriteSet = {
        ...sending(begun, clock.now()),
        dedupe: { scope: 's', key: 'k', digest: 'd' },
        expect: { token: begun.tokenHash, seq: 1, status: 'open' },
      };
      committed(await storage.commit(write));
      expect(committed(await storage.commit(write)).duplicate).toBe(true);
      const stolen = { ...write, expect: { token: 'hash_none' } };
      expect(await storage.commit(stolen)).toEqual({ conflict: 'token' });
    });

    it("lets only the session's own visitor in", async () => {
      const { storage, clock } = fixture();
      const [mine, theirs] = [await begin(fixture()), await begin(fixture())];
      const write = { ...sending(mine, clock.now()), expect: { token: theirs.tokenHash } };
      expect(await storage.commit(write)).toEqual({ conflict: 'token' });
      const second = { ...newcomer(), visitorId: mine.visitorId };
      const create = {
        at: clock.now(),
        session: { create: { id: second.sessionId, visitorId: mine.visitorId, metadata: {} } },
      };
      expect(await storage.commit({ ...create, expect: { token: theirs.tokenHash } })).toEqual({
        conflict: 'token',
      });
      expect(
        committed(await storage.commit({ ...create, expect: { token: mine.tokenHash } })).session?.id,
      ).toBe(second.sessionId);
    });

    it('of a seq is met by exactly one of those who race', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          storage.commit({ ...sending(begun, clock.now()), expect: { seq: 1 } }),
        ),
      );
      expect(results.filter(({ conflict }) => conflict === undefined)).toHaveLength(1);
      expect(results.filter(({ conflict }) => conflict === 'seq')).toHaveLength(19);
    });

    it('of operatorSeq follows the events that are marked', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const answer = sending(begun, clock.now(), { author: operator });
      const marked = [
        { ...answer.events[0], marks: 'operator' as const },
        { type: 'identified', actor: operator },
      ];
      const result = committed(await storage.commit({ ...answer, events: marked } as WriteSet));
      expect(result.session).toMatchObject({ operatorSeq: 2, seq: 3 });
      await send(fixture(), begun);
      expect((await sessionOf(storage, begun)).operatorSeq).toBe(2);
      const late = { ...sending(begun, clock.now()), expect: { operatorSeq: 0 } };
      expect(await storage.commit(late)).toEqual({ conflict: 'operatorSeq' });
      committed(await storage.commit({ ...late, expect: { operatorSeq: 2 } }));
    });

    it('of a fence holds as long as the lease is held under that token', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const token = (await storage.lease.take('pump', 'a', 1000)) as number;
      const fenced = (token: number) => ({
        ...sending(begun, clock.now()),
        expect: { fence: { lease: 'pump', token } },
      });
      committed(await storage.commit(fenced(token)));
      await clock.advance(999);
      committed(await storage.commit(fenced(token)));
      await clock.advance(1);
      expect(await storage.commit(fenced(token))).toEqual({ conflict: 'fence' });
      const next = (await storage.lease.take('pump', 'b', 1000)) as number;
      expect(await storage.commit(fenced(token))).toEqual({ conflict: 'fence' });
      committed(await storage.commit(fenced(next)));
      await storage.lease.release('pump', 'b');
      expect(await storage.commit(fenced(next))).toEqual({ conflict: 'fence' });
    });

    it('of newness holds for visitors, tokens and sessions', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const write = (change: object) => beginning({ ...newcomer(), ...change }, clock.now());
      expect(await storage.commit(write({ visitorId: begun.visitorId }))).toEqual({ conflict: 'visitor' });
      expect(await storage.commit(write({ tokenHash: begun.tokenHash }))).toEqual({ conflict: 'visitor' });
      expect(await storage.commit(write({ sessionId: begun.sessionId }))).toEqual({ conflict: 'session' });
      const racing = newcomer();
      const results = await Promise.all(
        Array.from({ length: 10 }, () => storage.commit(beginning(racing, clock.now()))),
      );
      expect(results.filter(({ conflict }) => conflict === undefined)).toHaveLength(1);
      expect(results.filter(({ conflict }) => conflict === 'visitor')).toHaveLength(9);
    });
  });
};
