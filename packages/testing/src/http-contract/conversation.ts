import { describe, expect, it } from 'vitest';
import type { HttpContract } from './subject.js';
import { changed, expectRefusal, Visitor } from './visitor.js';
import { openWorld } from './world.js';

export const describeConversation = (contract: HttpContract): void => {
  describe('a conversation', () => {
    it('begins with a token, given once, and resumes with it', async () => {
      const world = await openWorld(contract);
      const visitor = world.stranger();
      const first = await visitor.connect({ metadata: { url: 'https://shop.example/', pageTitle: 'Shop' } });
      expect(first).toMatchObject({ status: 'open', operatorOnline: expect.any(Boolean), messages: [] });
      expect(first.token).toMatch(/^\S{40,}$/);
      expect(first.visitorId).toBe(visitor.visitorId);
      await visitor.send('hello');

      const again = await visitor.connect({ sessionId: visitor.sessionId });
      expect(again.token).toBeUndefined();
      expect(again.sessionId).toBe(first.sessionId);
      expect(again.messages).toMatchObject([{ content: 'hello', sender: 'visitor' }]);
      expect((await world.pp.getSession(first.sessionId))?.metadata).toMatchObject({ pageTitle: 'Shop' });
    });

    it('survives a first connect whose answer was lost: the same secret brings the same token', async () => {
      const world = await openWorld(contract);
      const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ';
      const visitor = world.stranger();
      const first = await visitor.connect({ secret });
      visitor.token = undefined;
      const second = await visitor.connect({ secret });
      expect(second).toMatchObject({
        token: first.token,
        sessionId: first.sessionId,
        visitorId: first.visitorId,
      });
      expect(await world.pp.getSessions()).toHaveLength(1);
    });

    it('carries messages both ways, with their senders', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const sent = await visitor.send('Where is my order? 🧦', { clientMessageId: 'c1' });
      const said = await world.pp.sendMessage(visitor.sessionId, {
        content: 'On its way.',
        name: 'Ada',
        replyTo: sent.messageId,
      });
      const { messages } = await visitor.messages();
      expect(messages).toEqual([
        {
          id: sent.messageId,
          sessionId: visitor.sessionId,
          seq: sent.seq,
          sender: 'visitor',
          content: 'Where is my order? 🧦',
          timestamp: sent.timestamp,
          version: 1,
          clientMessageId: 'c1',
        },
        {
          id: said.id,
          sessionId: visitor.sessionId,
          seq: expect.any(Number),
          sender: 'operator',
          senderName: 'Ada',
          content: 'On its way.',
          timestamp: said.timestamp.toISOString(),
          version: 1,
          replyTo: sent.messageId,
        },
      ]);
    });

    it('takes 4,000 characters', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      await visitor.send('ß'.repeat(4000));
      expect(await visitor.contents()).toEqual(['ß'.repeat(4000)]);
    });

    it('writes a message once, however often it is sent', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const [first, ...others] = await Promise.all(
        [1, 2, 3, 4, 5].map(() => visitor.send('once', { clientMessageId: 'c1' })),
      );
      for (const other of others) expect(other).toEqual(first);
      expect(await visitor.contents()).toEqual(['once']);

      const different = await visitor.post('/message', {
        sessionId: visitor.sessionId,
        content: 'twice',
        clientMessageId: 'c1',
      });
      expectRefusal(different, 409, 'conflict');
      expect(await visitor.contents()).toEqual(['once']);
    });

    it('edits a message by either route', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const { messageId } = await visitor.send('teh');
      const { sessionId } = visitor;
      const patched = await visitor.ask('PATCH', `/message/${messageId}`, {
        body: { sessionId, content: 'the' },
      });
      expect(changed(patched).message).toMatchObject({ id: messageId, content: 'the', version: 2 });
      const posted = await visitor.post('/edit', { sessionId, messageId, content: 'the end' });
      const { message, seq } = changed(posted);
      expect(message).toMatchObject({ content: 'the end', version: 3, editedAt: expect.any(String) });
      expect(seq).toBeGreaterThan(message.seq);
      expect(await visitor.contents()).toEqual(['the end']);
    });

    it('deletes a message by either route, with or without a body, and keeps nothing of its text', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const { sessionId } = visitor;
      const ids: string[] = [];
      for (const word of ['a', 'b', 'c']) ids.push((await visitor.send(word)).messageId);
      const answers = [
        await visitor.ask('DELETE', `/message/${ids[0]}?sessionId=${sessionId}`),
        await visitor.ask('DELETE', `/message/${ids[1]}`, { body: { sessionId } }),
        await visitor.post('/delete', { sessionId, messageId: ids[2] }),
        await visitor.post('/delete', { sessionId, messageId: ids[2] }),
      ];
      for (const answer of answers) {
        expect(changed(answer).message).toMatchObject({ content: '', deletedAt: expect.any(String) });
      }
      expect(await visitor.contents()).toEqual(['', '', '']);
    });

    it('keeps how far the visitor has read', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { sessionId } = visitor;
      await world.pp.sendMessage(sessionId, { content: 'one' });
      const { id } = await world.pp.sendMessage(sessionId, { content: 'two' });
      const answer = await visitor.post('/read', { sessionId, messageIds: [id, 'msg_unknown'] });
      expect(answer).toMatchObject({ status: 200, json: { ok: true } });
      const { messages } = await visitor.messages();
      expect((await visitor.connect()).read).toMatchObject({ visitorRead: messages[1]?.seq });
    });

    it('takes typing, and who the visitor says they are', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { sessionId } = visitor;
      const typing = await visitor.post('/typing', { sessionId, isTyping: true });
      expect(typing).toMatchObject({ status: 200, json: { ok: true } });

      const identity = { name: 'Grace', email: 'grace@example.com', metadata: { plan: 'pro', seats: 3 } };
      const identified = await visitor.post('/identify', { sessionId, identity });
      expect(identified).toMatchObject({ status: 200, json: { identity } });
      expect(identified.text).not.toContain('verified');
      expect((await visitor.connect()).identity).toEqual(identity);
      expect((await world.pp.getSession(sessionId))?.identity).toMatchObject({
        ...identity,
        verified: false,
      });
    });

    it('keeps a verified person from becoming another one', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { sessionId } = visitor;
      await world.pp.identify(sessionId, { id: 'user-1', email: 'ada@example.com' });
      const other = await visitor.post('/identify', { sessionId, identity: { id: 'user-2' } });
      expectRefusal(other, 409, 'identity_conflict');
    });

    it('ends when the visitor disconnects: the next one is new', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { sessionId } = visitor;
      const { messageId } = await visitor.send('bye');
      for (const _ of [1, 2]) {
        expect(await visitor.post('/disconnect', { sessionId })).toMatchObject({
          status: 200,
          json: { ok: true },
        });
      }
      expectRefusal(await visitor.post('/message', { sessionId, content: 'more' }), 409, 'session_ended');
      expectRefusal(
        await visitor.post('/edit', { sessionId, messageId, content: 'more' }),
        409,
        'session_ended',
      );
      expect(await visitor.contents()).toEqual(['bye']);
      const next = await visitor.connect({ sessionId });
      expect(next.sessionId).not.toBe(sessionId);
      expect(next).toMatchObject({ status: 'open', messages: [] });
    });

    it("goes on after the team's close", async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      await visitor.send('thanks');
      await world.pp.closeSession(visitor.sessionId);
      expect(await visitor.connect()).toMatchObject({ status: 'closed', sessionId: visitor.sessionId });
      await visitor.send('one more thing');
      expect(await visitor.connect()).toMatchObject({ status: 'open', sessionId: visitor.sessionId });
    });

    it('tells anybody about presence and health', async () => {
      const world = await openWorld(contract);
      const anybody = new Visitor(world.url, 'anybody');
      expect(await anybody.ask('GET', '/presence')).toMatchObject({ status: 200, json: { online: false } });
      expect(await anybody.ask('GET', '/health')).toMatchObject({
        status: 200,
        json: { status: 'ok', bridges: [] },
      });
    });
  });
};
