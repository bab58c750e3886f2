import type { MessagePatch, MessagesPage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { type Begun, begin, committed, operator, send, sending } from './story.js';

export const describeMessages = (contract: StorageContract): void => {
  describe('the log', () => {
    const fixture = freshStorage(contract);

    /** Ten messages with the odd seqs from 3 to 21, between events without a message. */
    const tenMessages = async (): Promise<Begun> => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      for (let index = 0; index < 10; index++) {
        const write = sending(begun, clock.now(), { content: String(index) });
        const events = [{ type: 'identified', actor: operator } as const, ...write.events];
        committed(await storage.commit({ ...write, events }));
      }
      return begun;
    };
    const seqs = async ({ sessionId }: Begun, page: MessagesPage) =>
      (await fixture().storage.messages(sessionId, page)).map(({ seq }) => seq);

    it('gives the newest page of messages, oldest first', async () => {
      const begun = await tenMessages();
      expect(await seqs(begun, { limit: 3 })).toEqual([17, 19, 21]);
      expect(await seqs(begun, { limit: 100 })).toEqual([3, 5, 7, 9, 11, 13, 15, 17, 19, 21]);
    });

    it('gives the page after a cursor, nearest to it', async () => {
      const begun = await tenMessages();
      expect(await seqs(begun, { after: 0, limit: 3 })).toEqual([3, 5, 7]);
      expect(await seqs(begun, { after: 7, limit: 3 })).toEqual([9, 11, 13]);
      expect(await seqs(begun, { after: 8, limit: 3 })).toEqual([9, 11, 13]);
      expect(await seqs(begun, { after: 17, limit: 3 })).toEqual([19, 21]);
      expect(await seqs(begun, { after: 21, limit: 3 })).toEqual([]);
      expect(await seqs(begun, { after: 1000, limit: 3 })).toEqual([]);
    });

    it('gives the page before a cursor, nearest to it, oldest first', async () => {
      const begun = await tenMessages();
      expect(await seqs(begun, { before: 1000, limit: 3 })).toEqual([17, 19, 21]);
      expect(await seqs(begun, { before: 21, limit: 3 })).toEqual([15, 17, 19]);
      expect(await seqs(begun, { before: 10, limit: 3 })).toEqual([5, 7, 9]);
      expect(await seqs(begun, { before: 5, limit: 3 })).toEqual([3]);
      expect(await seqs(begun, { before: 3, limit: 3 })).toEqual([]);
      expect(await seqs(begun, { before: 0, limit: 3 })).toEqual([]);
    });

    it('keeps deleted messages in their places', async () => {
      const { storage, clock } = fixture();
      const begun = await tenMessages();
      const [message] = await storage.messages(begun.sessionId, { after: 6, limit: 1 });
      const patch = { content: '', deletedAt: clock.now() };
      const update = [{ id: message?.id as string, patch }];
      committed(await storage.commit({ at: clock.now(), session: { id: begun.sessionId }, update }));
      expect(await seqs(begun, { after: 5, limit: 2 })).toEqual([7, 9]);
      const [deleted] = await storage.messages(begun.sessionId, { before: 8, limit: 1 });
      expect(deleted).toEqual({ ...message, ...patch, version: 2 });
    });

    it('finds a message by its id', async () => {
      const begun = await begin(fixture());
      const message = await send(fixture(), begun, { replyTo: 'msg_other', clientMessageId: 'c-1' });
      expect(await fixture().storage.message(message.id)).toEqual(message);
      expect(await fixture().storage.message('msg_none')).toBeNull();
    });

    it('keeps the files of a message, until they change or it is deleted', async () => {
      const { storage, clock } = fixture();
      const begun = await begin(fixture());
      const source = { bridge: 'support', ref: 'file/1' };
      const file = {
        id: 'att_1',
        file: 'att_2',
        key: 'k',
        name: 'ä"\\.png',
        mimeType: 'image/png',
        size: 9,
      } as const;
      const fetching = [{ ...file, status: 'fetching', source } as const];
      const message = await send(fixture(), begun, { content: '', attachments: fetching });
      expect(message.attachments).toEqual(fetching);
      expect(await storage.message(message.id)).toEqual(message);
      const ready = [{ ...file, status: 'ready' } as const];
      const changed = async (patch: MessagePatch) => {
        const update = [{ id: message.id, patch }];
        const session = { id: begun.sessionId };
        return committed(await storage.commit({ at: clock.now(), session, update })).messages;
      };
      expect(await changed({ attachments: ready })).toEqual([{ ...message, version: 2, attachments: ready }]);
      const [entry] = await storage.events(begun.sessionId, { after: message.seq - 1, limit: 1 });
      expect(entry?.message?.attachments).toEqual(ready);
      await changed({ content: 'edited' });
      expect((await storage.messages(begun.sessionId, { limit: 1 }))[0]?.attachments).toEqual(ready);
      await changed({ content: '', attachments: undefined, deletedAt: clock.now() });
      expect((await storage.message(message.id))?.attachments).toBeUndefined();
    });

    it('gives events after a cursor with their messages', async () => {
      const { storage } = fixture();
      const { sessionId } = await tenMessages();
      const page = await storage.events(sessionId, { after: 4, limit: 3 });
      expect(page.map(({ event }) => [event.seq, event.type])).toEqual([
        [5, 'message'],
        [6, 'identified'],
        [7, 'message'],
      ]);
      expect(page.map(({ message }) => message?.content)).toEqual(['1', undefined, '2']);
      expect(page[1]).not.toHaveProperty('message');
      expect(await storage.events(sessionId, { after: 21, limit: 3 })).toEqual([]);
      expect(await storage.events(sessionId, { after: 1000, limit: 3 })).toEqual([]);
      expect((await storage.events(sessionId, { after: 0, limit: 1000 })).length).toBe(21);
    });

    it('is empty for a session that does not exist', async () => {
      const { storage } = fixture();
      expect(await storage.messages('sess_none', { limit: 10 })).toEqual([]);
      expect(await storage.events('sess_none', { after: 0, limit: 10 })).toEqual([]);
    });

    it('is not changed by what a reader does with a page', async () => {
      const { storage } = fixture();
      const begun = await tenMessages();
      (await storage.messages(begun.sessionId, { limit: 100 })).reverse().pop();
      (await storage.events(begun.sessionId, { after: 0, limit: 100 })).length = 0;
      expect(await seqs(begun, { limit: 2 })).toEqual([19, 21]);
      expect(await storage.events(begun.sessionId, { after: 20, limit: 9 })).toHaveLength(1);
    });
  });
};
