import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, committed, picture, send, sending } from './story.js';

/** For storages whose rows outlive an instance, and that several instances may share. */
export const describeDurability = (contract: StorageContract): void => {
  const { reopen } = contract;
  if (!reopen) return;

  describe('what was committed', () => {
    const fixture = freshStorage(contract);

    it('keeps a visitor out whichever instance they come to', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const again = await reopen(storage, { clock });
      await again.init?.();
      const speak = () =>
        again.commit({
          ...sending(begun, clock.now()),
          expect: { token: begun.tokenHash, notBlocked: true },
        });
      const block = (blocked: boolean) =>
        storage.commit({ at: clock.now(), block: { visitorId: begun.visitorId, blocked } });
      committed(await speak());
      committed(await block(true));
      expect(await speak()).toEqual({ conflict: 'blocked' });
      committed(await block(false));
      committed(await speak());
      await again.close?.();
    });

    it('survives closing and opening again', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const { sessionId } = begun;
      const message = await send(fixture(), begun);
      const thread = { bridge: 'support', chatId: 'chat', threadId: 'thread' };
      const dedupe = { scope: 's', key: 'k', digest: 'd' };
      const write = {
        ...sending(begun, clock.now()),
        threads: [{ ...thread, open: { sessionId } }],
        links: [
          {
            bridge: 'support',
            chatId: 'chat',
            platformId: '1',
            threadId: '7',
            sessionId,
            messageId: message.id,
            part: 0,
            direction: 'out' as const,
            version: 1,
          },
        ],
        tasks: [
          { queue: 'queue', key: 'claimed', kind: 'deliver' },
          { queue: 'queue', key: 'waiting', kind: 'deliver' },
        ],
        state: [{ scope: 'scope', key: 'a', value: { b: 1 } }],
        dedupe,
      };
      committed(await storage.commit(write));
      const [claimed] = await storage.tasks.claim({ queues: ['queue'], owner: 'a', leaseMs: 1000, limit: 1 });
      const token = (await storage.lease.take('pump', 'a', 1000)) as number;
      const before = await picture(storage, begun);

      await storage.close?.();
      const again = await reopen(storage, { clock });
      await again.init?.();
      expect(await picture(again, begun)).toEqual(before);
      expect(await again.thread(thread)).toEqual(before.thread);
      expect(await again.visitor({ tokenHash: begun.tokenHash })).toMatchObject({ id: begun.visitorId });
      expect(committed(await again.commit(write)).duplicate).toBe(true);
      const left = await again.tasks.claim({ queues: ['queue'], owner: 'b', leaseMs: 1000, limit: 9 });
      expect(left.map(({ key }) => key)).toEqual(['waiting']);
      await again.tasks.done(claimed?.id as string, 'a', claimed?.version as number);
      expect(await again.tasks.count('queue')).toBe(1);
      expect(await again.lease.take('pump', 'b', 1000)).toBeNull();
      expect(await again.lease.take('pump', 'a', 1000)).toBe(token);
      const next = committed(await again.commit(sending(begun, clock.now())));
      expect(next.events[0]?.seq).toBe(4);
      expect(next.events[0]?.position).toBeGreaterThan(before.events.at(-1)?.event.position as number);
      await again.close?.();
    });

    it('is seen by another instance at once, and both write to one log', async () => {
      const { storage, clock } = fixture();
      const other = await reopen(storage, { clock });
      await other.init?.();
      const begun = await begin(fixture());
      const writes = Array.from({ length: 60 }, (_, index) =>
        (index % 2 ? storage : other).commit({
          ...sending(begun, clock.now()),
          dedupe: { scope: begun.sessionId, key: String(index % 40), digest: 'd' },
          tasks: [{ queue: 'queue', key: String(index), kind: 'deliver' }],
        }),
      );
      const results = (await Promise.all(writes)).map(committed);
      expect(results.filter(({ duplicate }) => duplicate)).toHaveLength(20);
      const log = await other.events(begun.sessionId, { after: 0, limit: 100 });
      expect(log.map(({ event }) => event.seq)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
      expect(await storage.events(begun.sessionId, { after: 0, limit: 100 })).toEqual(log);
      const claims = await Promise.all(
        [storage, other].map(({ tasks }, index) =>
          tasks.claim({ queues: ['queue'], owner: `owner ${index}`, leaseMs: 1000, limit: 30 }),
        ),
      );
      expect(new Set(claims.flat().map(({ key }) => key)).size).toBe(40);
      expect(await storage.lease.take('pump', 'a', 1000)).not.toBeNull();
      expect(await other.lease.take('pump', 'b', 1000)).toBeNull();
      await other.close?.();
    });
  });
};
