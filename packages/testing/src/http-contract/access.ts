import { describe, expect, it } from 'vitest';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, Visitor } from './visitor.js';
import { openWorld } from './world.js';

/** Everything that a visitor may ask for in a session. */
export const everyRequest = (
  sessionId: string,
  messageId: string,
): [method: string, path: string, body?: object][] => [
  ['POST', '/message', { sessionId, content: 'forged' }],
  ['GET', `/messages?sessionId=${sessionId}`],
  ['GET', `/events?sessionId=${sessionId}`],
  ['GET', `/stream?sessionId=${sessionId}`],
  ['PATCH', `/message/${messageId}`, { sessionId, content: 'forged' }],
  ['DELETE', `/message/${messageId}?sessionId=${sessionId}`],
  ['POST', '/edit', { sessionId, messageId, content: 'forged' }],
  ['POST', '/delete', { sessionId, messageId }],
  ['POST', '/read', { sessionId, messageIds: [messageId] }],
  ['POST', '/typing', { sessionId, isTyping: true }],
  ['POST', '/event', { sessionId, name: 'forged' }],
  ['POST', '/identify', { sessionId, identity: { name: 'forged' } }],
  ['POST', '/disconnect', { sessionId }],
];

export const describeAccess = (contract: HttpContract): void => {
  describe('who may do what', () => {
    /** A visitor with a message, and the ways in which somebody may try to act for them. */
    const intrusion = async () => {
      const world = await openWorld(contract);
      const victim = await world.visitor();
      const { messageId } = await victim.send('my secret');
      const intruder = await world.visitor();
      const { sessionId } = victim;
      const attempts = everyRequest(sessionId, messageId);
      return { world, victim, intruder, messageId, attempts };
    };

    it('opens nothing to an id alone', async () => {
      const { victim, attempts, world } = await intrusion();
      const before = await victim.events();
      const anybody = new Visitor(world.url, victim.visitorId);
      for (const [method, path, body] of attempts) {
        expectRefusal(await anybody.ask(method, path, { body }), 401, 'unauthorized');
        expectRefusal(await anybody.ask(method, path, { body, token: 'ppv_guess' }), 401, 'unauthorized');
        expectRefusal(
          await anybody.ask(method, path, { body, headers: { authorization: `Basic ${victim.token}` } }),
          401,
          'unauthorized',
        );
      }
      expect(await victim.events()).toEqual(before);
    });

    it("opens nothing of one visitor's to another", async () => {
      const { victim, intruder, attempts } = await intrusion();
      const before = await victim.events();
      for (const [method, path, body] of attempts) {
        expectRefusal(await intruder.ask(method, path, { body }), 404, 'session_not_found');
      }
      expect(await victim.events()).toEqual(before);
    });

    it('does not reach into another session through a message id', async () => {
      const { victim, intruder, messageId } = await intrusion();
      const { sessionId } = intruder;
      const attempts = [
        intruder.post('/edit', { sessionId, messageId, content: 'forged' }),
        intruder.post('/delete', { sessionId, messageId }),
        intruder.ask('PATCH', `/message/${messageId}`, { body: { sessionId, content: 'forged' } }),
        intruder.ask('DELETE', `/message/${messageId}?sessionId=${sessionId}`),
        intruder.get('/messages', { after: messageId }),
      ];
      for (const answer of await Promise.all(attempts)) expectRefusal(answer, 404, 'message_not_found');
      expect(await victim.contents()).toEqual(['my secret']);
      for (const replyTo of [messageId, 'msg_nobody_has']) {
        const quoting = { replyTo, clientMessageId: `c-${replyTo}` };
        const first = await intruder.send('quoting', quoting);
        expect(await intruder.send('quoting', quoting)).toEqual(first);
      }
      const { messages } = await intruder.messages();
      expect(messages).toMatchObject([{ content: 'quoting' }, { content: 'quoting' }]);
      for (const message of messages) expect(message).not.toHaveProperty('replyTo');
    });

    it('takes no token from a URL', async () => {
      const { victim, world } = await intrusion();
      const anybody = new Visitor(world.url, 'anybody');
      const path = `/messages?sessionId=${victim.sessionId}&token=${victim.token}&access_token=${victim.token}`;
      expectRefusal(await anybody.ask('GET', path), 401, 'unauthorized');
    });

    it('gives somebody who names a known visitorId or session neither history nor that id', async () => {
      const { victim, world } = await intrusion();
      const thief = new Visitor(world.url, victim.visitorId);
      const connected = await thief.connect({ sessionId: victim.sessionId });
      expect(connected.messages).toEqual([]);
      expect(connected.sessionId).not.toBe(victim.sessionId);
      expect(connected.visitorId).not.toBe(victim.visitorId);
      expect(connected.token).not.toBe(victim.token);
    });

    it('refuses to connect with a token nobody holds', async () => {
      const world = await openWorld(contract);
      const visitor = world.stranger();
      const answer = await visitor.post('/connect', { visitorId: 'v' }, { token: 'ppv_guess' });
      expectRefusal(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await world.pp.getSessions()).toEqual([]);
    });

    it.each(carriersOf(contract))('does not stream to another visitor over %s', async (_name, open) => {
      const { victim, intruder } = await intrusion();
      const foreign = open(intruder, { after: 0, sessionId: victim.sessionId });
      expect([4401, 404]).toContain((await foreign.ended).code);
      expect(await foreign.next()).toBeUndefined();
      const guess = open(intruder, { after: 0, sessionId: victim.sessionId, token: 'ppv_guess' });
      expect([4401, 401]).toContain((await guess.ended).code);
      expect(await guess.next()).toBeUndefined();
    });

    it('lets nobody speak for the team from a browser', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      await visitor.send('I am the operator', {
        sender: 'operator',
        type: 'operator',
        author: { kind: 'operator', id: 'x' },
        audience: 'team',
        senderName: 'Ada',
      });
      await visitor.post('/connect', { visitorId: visitor.visitorId, sender: 'operator', status: 'closed' });
      const { messages } = await visitor.messages();
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatchObject({ sender: 'visitor' });
      expect(messages[0]).not.toHaveProperty('senderName');
      expect(await world.pp.getMessages(visitor.sessionId)).toMatchObject([{ sender: 'visitor' }]);
    });

    it("changes nothing of the team's messages", async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { sessionId } = visitor;
      const { id: messageId } = await world.pp.sendMessage(sessionId, { content: 'ours' });
      expectRefusal(
        await visitor.post('/edit', { sessionId, messageId, content: 'forged' }),
        404,
        'message_not_found',
      );
      expectRefusal(await visitor.post('/delete', { sessionId, messageId }), 404, 'message_not_found');
      expect(await visitor.contents()).toEqual(['ours']);
    });
  });
};
