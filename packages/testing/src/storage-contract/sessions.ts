import type { SessionsQuery, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, committed, newcomer, send, sessionOf } from './story.js';

export const describeSessions = (contract: StorageContract): void => {
  describe('a session', () => {
    const fixture = freshStorage(contract);
    const change = async (id: string, session: Omit<Extract<WriteSet['session'], { id: string }>, 'id'>) => {
      const { storage, clock } = fixture();
      return committed(await storage.commit({ at: clock.now(), session: { id, ...session } })).session;
    };
    const found = async (query: SessionsQuery) =>
      (await fixture().storage.sessions(query)).map(({ id }) => id);

    it('that is unknown is null', async () => {
      expect(await fixture().storage.session('sess_none')).toBeNull();
    });

    it('keeps metadata and identity whole', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const identity = {
        id: 'u"1',
        name: 'Ærøskøbing 🦊',
        email: 'a@example.com',
        verified: true,
        metadata: { plan: 'pro', seats: 3, trial: false },
      };
      const metadata = { url: 'https://x.example/?a=1&b=%20', ip: '2001:db8::1', language: 'de-AT' };
      const changed = await change(begun.sessionId, { patch: { metadata, identity } });
      expect(changed).toMatchObject({ metadata, identity, status: 'open', lastActivityAt: clock.now() });
      expect(await sessionOf(storage, begun)).toEqual(changed);
      const second = newcomer();
      const create = { id: second.sessionId, visitorId: begun.visitorId, metadata, identity };
      const { session } = committed(await storage.commit({ at: 7, session: { create } }));
      expect(session).toMatchObject({ identity, seq: 0, createdAt: 7, lastActivityAt: 7 });
      expect(await sessionOf(storage, second)).toEqual(session);
    });

    it('is active only through events', async () => {
      const { clock } = fixture();
      const begun = await begin(fixture());
      const started = clock.now();
      await clock.advance(1000);
      const closed = await change(begun.sessionId, { patch: { status: 'closed' } });
      expect(closed).toMatchObject({ status: 'closed', seq: 1, lastActivityAt: started });
    });

    it('keeps the instant at which it was first reached', async () => {
      const begun = await begin(fixture());
      expect(await change(begun.sessionId, { patch: { reachedAt: 100 } })).toMatchObject({ reachedAt: 100 });
      expect(await change(begun.sessionId, { patch: { reachedAt: 200 } })).toMatchObject({ reachedAt: 100 });
      expect(await change(begun.sessionId, { patch: { status: 'closed' } })).toMatchObject({
        reachedAt: 100,
      });
      expect(await sessionOf(fixture().storage, begun)).toMatchObject({ reachedAt: 100 });
    });

    it('has watermarks that only rise, each on its own', async () => {
      const begun = await begin(fixture());
      const first = {
        operatorDeliveredSeq: 5,
        operatorReadSeq: 4,
        visitorDeliveredSeq: 3,
        visitorReadSeq: 2,
      };
      expect(await change(begun.sessionId, { advance: first })).toMatchObject(first);
      const second = { operatorDeliveredSeq: 4, operatorReadSeq: 9 };
      const expected = { ...first, operatorReadSeq: 9 };
      expect(await change(begun.sessionId, { advance: second })).toMatchObject(expected);
      expect(await sessionOf(fixture().storage, begun)).toMatchObject(expected);
      const { storage, clock } = fixture();
      await Promise.all(
        [7, 30, 12, 29].map((visitorReadSeq) =>
          storage.commit({ at: clock.now(), session: { id: begun.sessionId, advance: { visitorReadSeq } } }),
        ),
      );
      expect((await sessionOf(storage, begun)).visitorReadSeq).toBe(30);
    });

    it('is listed newest first, page by page', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 7; count++) ids.unshift((await begin(fixture())).sessionId);
      expect(await found({ limit: 100 })).toEqual(ids);
      expect(await found({ limit: 3 })).toEqual(ids.slice(0, 3));
      expect(await found({ limit: 3, before: ids[2] as string })).toEqual(ids.slice(3, 6));
      expect(await found({ limit: 3, before: ids[6] as string })).toEqual([]);
      expect(await found({ limit: 3, before: 'sess_none' })).toEqual([]);
    });

    it('is listed by status and by visitor, also after it changed', async () => {
      const { storage, clock } = fixture();
      const begun = [];
      for (let count = 0; count < 6; count++) begun.push(await begin(fixture()));
      const [a, b, c, d, e, f] = begun.map(({ sessionId }) => sessionId) as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      for (const id of [d, a, c]) await change(id, { patch: { status: 'closed' } });
      await change(c, { patch: { status: 'open' } });
      await change(b, { patch: { status: 'ended' } });
      expect(await found({ status: 'open', limit: 9 })).toEqual([f, e, c]);
      expect(await found({ status: 'closed', limit: 9 })).toEqual([d, a]);
      expect(await found({ status: 'ended', limit: 9 })).toEqual([b]);
      expect(await found({ status: 'open', before: e, limit: 9 })).toEqual([c]);
      expect(await found({ status: 'closed', before: c, limit: 9 })).toEqual([a]);
      expect(await found({ status: 'open', limit: 2 })).toEqual([f, e]);
      const visitorId = begun[1]?.visitorId as string;
      const again = newcomer().sessionId;
      await storage.commit({ at: clock.now(), session: { create: { id: again, visitorId, metadata: {} } } });
      expect(await found({ visitorId, limit: 9 })).toEqual([again, b]);
      expect(await found({ visitorId, status: 'open', limit: 9 })).toEqual([again]);
      expect(await found({ visitorId, before: again, limit: 9 })).toEqual([b]);
      expect(await found({ visitorId: 'vis_none', limit: 9 })).toEqual([]);
    });

    it('is listed among those that were reached, from then on, whatever its status', async () => {
      const begun = [];
      for (let count = 0; count < 5; count++) begun.push(await begin(fixture()));
      const [a, b, c, d, e] = begun.map(({ sessionId }) => sessionId) as [
        string,
        string,
        string,
        string,
        string,
      ];
      for (const id of [d, a]) await change(id, { patch: { reachedAt: 1 } });
      await change(b, { patch: { reachedAt: 1, status: 'closed' } });
      await change(e, { patch: { status: 'closed' } });
      expect(await found({ status: 'open', reached: true, limit: 9 })).toEqual([d, a]);
      expect(await found({ status: 'open', reached: true, limit: 1 })).toEqual([d]);
      expect(await found({ status: 'open', reached: true, before: d, limit: 9 })).toEqual([a]);
      expect(await found({ status: 'closed', reached: true, limit: 9 })).toEqual([b]);
      expect(await found({ reached: true, limit: 9 })).toEqual([d, b, a]);
      expect(await found({ status: 'open', limit: 9 })).toEqual([d, c, a]);
      await change(d, { patch: { status: 'closed' } });
      await change(b, { patch: { status: 'open' } });
      await change(c, { patch: { reachedAt: 2 } });
      expect(await found({ status: 'open', reached: true, limit: 9 })).toEqual([c, b, a]);
      expect(await found({ status: 'closed', reached: true, limit: 9 })).toEqual([d]);
      const visitorId = begun[4]?.visitorId as string;
      expect(await found({ visitorId, reached: true, limit: 9 })).toEqual([]);
      await change(e, { patch: { reachedAt: 3 } });
      expect(await found({ visitorId, reached: true, status: 'closed', limit: 9 })).toEqual([e]);
    });

    it('has its head among those that exist', async () => {
      const { storage } = fixture();
      const [one, other] = [await begin(fixture()), await begin(fixture())];
      await send(fixture(), other);
      const heads = await storage.heads([one.sessionId, 'sess_none', other.sessionId]);
      expect(new Map(heads)).toEqual(
        new Map([
          [one.sessionId, 1],
          [other.sessionId, 2],
        ]),
      );
      expect((await storage.heads([])).size).toBe(0);
      const many = Array.from({ length: 3000 }, (_, index) => `sess_none_${index}`);
      expect((await storage.heads([...many, one.sessionId])).size).toBe(1);
    });

    it('belongs to a visitor who is known by id and by token', async () => {
      const { storage, clock } = fixture();
      const { visitorId, tokenHash } = await begin(fixture());
      const visitor = { id: visitorId, createdAt: clock.now() };
      expect(await storage.visitor({ id: visitorId })).toEqual(visitor);
      expect(await storage.visitor({ tokenHash })).toEqual(visitor);
      expect(await storage.visitor({ id: tokenHash })).toBeNull();
      expect(await storage.visitor({ tokenHash: visitorId })).toBeNull();
    });
  });
};
