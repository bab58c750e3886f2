import type { MessageLink, ThreadWrite } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, committed } from './story.js';

export const describeThreads = (contract: StorageContract): void => {
  describe('a thread', () => {
    const fixture = freshStorage(contract);
    const key = (threadId: string, bridge = 'support') => ({ bridge, chatId: '-100', threadId });
    const write = async (...threads: ThreadWrite[]) => {
      const { storage, clock } = fixture();
      committed(await storage.commit({ at: clock.now(), threads }));
    };

    it('is found by its session and by its place', async () => {
      const { storage, clock } = fixture();
      const { sessionId } = await begin(fixture());
      await write({ ...key('1'), open: { sessionId } });
      const thread = { ...key('1'), sessionId, openedAt: clock.now(), deliveredSeq: 0 };
      expect(await storage.thread({ bridge: 'support', sessionId })).toEqual(thread);
      expect(await storage.thread(key('1'))).toEqual(thread);
      expect(await storage.thread({ bridge: 'other', sessionId })).toBeNull();
      expect(await storage.thread(key('1', 'other'))).toBeNull();
      expect(await storage.thread({ ...key('1'), chatId: '-200' })).toBeNull();
      expect(await storage.thread(key('2'))).toBeNull();
    });

    it('is opened once', async () => {
      const { storage, clock } = fixture();
      const { sessionId } = await begin(fixture());
      await write({ ...key('1'), open: { sessionId } }, { ...key('1'), patch: { deliveredSeq: 1 } });
      const before = await storage.thread(key('1'));
      expect(before?.deliveredSeq).toBe(1);
      await clock.advance(1000);
      await write({ ...key('1'), open: { sessionId } });
      expect(await storage.thread(key('1'))).toEqual(before);
    });

    it('has a deliveredSeq that only rises', async () => {
      const { storage } = fixture();
      const { sessionId } = await begin(fixture());
      await write({ ...key('1'), open: { sessionId } });
      for (const [deliveredSeq, expected] of [
        [3, 3],
        [2, 3],
        [7, 7],
        [0, 7],
      ] as const) {
        await write({ ...key('1'), patch: { deliveredSeq } });
        expect((await storage.thread(key('1')))?.deliveredSeq).toBe(expected);
      }
    });

    it('is no longer where its session lives once it is retired, and is still known', async () => {
      const { storage, clock } = fixture();
      const { sessionId } = await begin(fixture());
      const by = { bridge: 'support', sessionId };
      await write({ ...key('1'), open: { sessionId } });
      await write({ ...key('1'), patch: { retiredAt: clock.now(), deliveredSeq: 1 } });
      expect(await storage.thread(by)).toBeNull();
      const retired = { sessionId, retiredAt: clock.now(), deliveredSeq: 1 };
      expect(await storage.thread(key('1'))).toMatchObject(retired);
      await write({ ...key('2'), open: { sessionId } });
      expect(await storage.thread(by)).toMatchObject({ threadId: '2', deliveredSeq: 0 });
      await write({ ...key('1'), patch: { deliveredSeq: 2 } });
      expect(await storage.thread(key('1'))).toMatchObject({ ...retired, deliveredSeq: 2 });
    });

    it('gives way to a newer one, and comes back when that is retired', async () => {
      const { storage, clock } = fixture();
      const { sessionId } = await begin(fixture());
      const by = { bridge: 'support', sessionId };
      for (const id of ['9', '10', '1']) await write({ ...key(id), open: { sessionId } });
      expect((await storage.thread(by))?.threadId).toBe('1');
      await write({ ...key('1'), patch: { retiredAt: clock.now() } });
      expect((await storage.thread(by))?.threadId).toBe('10');
    });

    it('may be opened together with its session', async () => {
      const { storage, clock } = fixture();
      const { visitorId } = await begin(fixture());
      const create = { id: 'sess_new', visitorId, metadata: {} };
      const threads = [{ ...key('1'), open: { sessionId: 'sess_new' } }];
      committed(await storage.commit({ at: clock.now(), session: { create }, threads }));
      expect(await storage.thread(key('1'))).toMatchObject({ sessionId: 'sess_new' });
    });
  });

  describe('a link', () => {
    const fixture = freshStorage(contract);
    const link = (change: Partial<MessageLink>): MessageLink => ({
      bridge: 'support',
      chatId: '-100',
      platformId: '1',
      threadId: '7',
      sessionId: 'sess_1',
      messageId: 'msg_1',
      part: 0,
      direction: 'out',
      version: 1,
      ...change,
    });
    const write = async (...links: MessageLink[]) => {
      const { storage, clock } = fixture();
      committed(await storage.commit({ at: clock.now(), links }));
    };
    const ofPost = (platformId: string) =>
      fixture().storage.links({ bridge: 'support', chatId: '-100', platformId });
    const ofMessage = (messageId: string, bridge = 'support') =>
      fixture().storage.links({ bridge, messageId });

    it('is found from both ends, by part', async () => {
      const parts = [
        link({ platformId: '12', part: 2 }),
        link({ platformId: '10' }),
        link({ platformId: '11', part: 1 }),
      ];
      await write(...parts);
      await write(link({ bridge: 'other', platformId: '10', version: 5 }));
      expect((await ofMessage('msg_1')).map(({ platformId }) => platformId)).toEqual(['10', '11', '12']);
      expect(await ofPost('11')).toEqual([parts[2]]);
      expect(await ofMessage('msg_1', 'other')).toHaveLength(1);
      expect(await ofPost('99')).toEqual([]);
      expect(await ofMessage('msg_none')).toEqual([]);
    });

    it('may join several messages to one post', async () => {
      await write(link({ messageId: 'msg_a' }), link({ messageId: 'msg_b', part: 1 }));
      expect((await ofPost('1')).map(({ messageId }) => messageId)).toEqual(['msg_a', 'msg_b']);
    });

    it('is replaced when it is written again', async () => {
      await write(link({ direction: 'in', version: 3 }));
      await write(link({ direction: 'in', version: 4 }));
      expect(await ofPost('1')).toEqual([link({ direction: 'in', version: 4 })]);
      expect(await ofMessage('msg_1')).toEqual([link({ direction: 'in', version: 4 })]);
    });

    it('to nothing is a tombstone', async () => {
      await write(link({ messageId: '', direction: 'in' }));
      expect(await ofPost('1')).toEqual([link({ messageId: '', direction: 'in' })]);
    });

    it('goes with the post it belongs to', async () => {
      const { storage, clock } = fixture();
      await write(link({}), link({ messageId: 'msg_2', part: 1 }), link({ platformId: '2', part: 1 }));
      const unlink = [{ bridge: 'support', chatId: '-100', platformId: '1' }];
      committed(await storage.commit({ at: clock.now(), unlink, links: [link({ platformId: '3' })] }));
      expect(await ofPost('1')).toEqual([]);
      expect(await ofMessage('msg_2')).toEqual([]);
      expect((await ofMessage('msg_1')).map(({ platformId }) => platformId)).toEqual(['3', '2']);
      committed(await storage.commit({ at: clock.now(), unlink }));
    });

    it('may be replaced in the commit that removes it', async () => {
      const { storage, clock } = fixture();
      await write(link({}));
      const unlink = [{ bridge: 'support', chatId: '-100', platformId: '1' }];
      committed(await storage.commit({ at: clock.now(), unlink, links: [link({ version: 2 })] }));
      expect(await ofPost('1')).toEqual([link({ version: 2 })]);
    });
  });
};
