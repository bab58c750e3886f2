import { describe, expect, it } from 'vitest';
import { carriersOf, itWithWebSockets, openWebSocket } from './frames.js';
import { rawWebSocket } from './raw.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld } from './world.js';

export const describeLimits = (contract: HttpContract): void => {
  describe('limits', () => {
    it('hold a visitor who writes like a program, and nobody else', async () => {
      const world = await openWorld(contract, { rateLimits: { message: { requests: 2, perMs: 10_000 } } });
      const [visitor, other] = [await world.visitor(), await world.visitor()];
      const { sessionId } = visitor;
      await visitor.send('1');
      await visitor.send('2');
      const refused = await visitor.post('/message', { sessionId, content: '3' });
      expectRefusal(refused, 429, 'rate_limited');
      expect(refused.headers.get('retry-after')).toBe('5');
      await other.send('mine');
      await world.clock.advance(5000);
      await visitor.send('4');
      expect(await visitor.contents()).toEqual(['1', '2', '4']);
    });

    it('leave a person alone by default', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      for (let i = 0; i < 30; i++) await visitor.send(`${i}`);
      expectRefusal(
        await visitor.post('/message', { sessionId: visitor.sessionId, content: 'x' }),
        429,
        'rate_limited',
      );
    });

    it('can be turned off', async () => {
      const visitor = await (await openWorld(contract, { rateLimits: false })).visitor();
      for (let i = 0; i < 40; i++) await visitor.send(`${i}`);
    });

    it('count strangers by their address, whatever they say it is', async () => {
      const world = await openWorld(contract, { rateLimits: { connect: { requests: 2, perMs: 60_000 } } });
      const stranger = world.stranger();
      const connect = (n: number) =>
        stranger.post(
          '/connect',
          { visitorId: `v${n}` },
          { headers: { 'x-forwarded-for': `203.0.113.${n}` } },
        );
      expect([(await connect(1)).status, (await connect(2)).status]).toEqual([200, 200]);
      expectRefusal(await connect(3), 429, 'rate_limited');
      const warnings = world.logger.lines.filter(({ message }) => message.includes('trustProxy'));
      expect(warnings).toHaveLength(1);
    });

    it.each(carriersOf(contract))('let a visitor open only so many streams over %s', async (_name, open) => {
      const world = await openWorld(contract, { streamsPerVisitor: 2, rateLimits: { stream: false } });
      const visitor = await world.visitor();
      const two = [open(visitor, { after: 0 }), open(visitor, { after: 0 })];
      for (const reader of two) await reader.upTo('ping');
      const third = open(visitor, { after: 0 });
      expect([4429, 429]).toContain((await third.ended).code);
      two[0]?.carrier.close();
      // The server notices the end when the network tells it.
      let reader = open(visitor, { after: 0 });
      while ((await reader.next())?.type !== 'ping') reader = open(visitor, { after: 0 });
    });

    it.each(carriersOf(contract))('let an address open only so many streams over %s', async (_name, open) => {
      const world = await openWorld(contract, { streams: { perAddress: 2 }, rateLimits: false });
      const visitors = [await world.visitor(), await world.visitor(), await world.visitor()] as const;
      const [first, second] = [open(visitors[0], { after: 0 }), open(visitors[1], { after: 0 })];
      for (const reader of [first, second]) await reader.upTo('ping');
      await expectNoStream(contract, visitors[2], 429, 'rate_limited');
      first.carrier.close();
      // The server notices the end when the network tells it.
      let reader = open(visitors[2], { after: 0 });
      while ((await reader.next())?.type !== 'ping') reader = open(visitors[2], { after: 0 });
    });

    it('let an address wait with only so many polls', async () => {
      const world = await openWorld(contract, { streams: { perAddress: 1 }, rateLimits: false });
      const visitor = await world.visitor();
      const { seq } = await visitor.send('first');
      const poll = (wait: number) => visitor.get('/events', { after: `${seq}`, wait: `${wait}` });
      const two = [poll(25), poll(25)];
      // Nothing happens, and no time goes by: whoever is answered is refused.
      expectRefusal(await Promise.race(two), 429, 'rate_limited');
      expect((await poll(0)).status).toBe(200);
      await visitor.send('news');
      expect((await Promise.all(two)).map(({ status }) => status).sort()).toEqual([200, 429]);
    });

    it.each(carriersOf(contract))('let only so many streams be open over %s', async (_name, open) => {
      const world = await openWorld(contract, { streams: { total: 1 } });
      const [visitor, other] = [await world.visitor(), await world.visitor()];
      await open(visitor, { after: 0 }).upTo('ping');
      await expectNoStream(contract, other, 503, 'unavailable');
      await other.send('still here');
    });

    itWithWebSockets(contract)(
      'count a WebSocket from its upgrade on, and give its place back when it never says hello',
      async () => {
        const world = await openWorld(contract, { streams: { perAddress: 1 }, rateLimits: false });
        const visitor = await world.visitor();
        const silent = await rawWebSocket(world.url, visitor.sessionId);
        expect(silent.text).toMatch(/^HTTP\/1.1 101 /);
        await expectNoStream(contract, visitor, 429, 'rate_limited');
        silent.socket.destroy();
        let reader = openWebSocket(visitor, { after: 0 });
        while ((await reader.next())?.type !== 'ping') reader = openWebSocket(visitor, { after: 0 });
      },
    );

    it('hold somebody who tries one token after the other', async () => {
      const world = await openWorld(contract, { rateLimits: { refused: { requests: 2, perMs: 60_000 } } });
      const stranger = world.stranger();
      const guess = (token: string) => stranger.ask('GET', '/messages?sessionId=s', { token });
      expectRefusal(await guess('ppv_1'), 401, 'unauthorized');
      expectRefusal(await guess('ppv_2'), 401, 'unauthorized');
      expectRefusal(await guess('ppv_3'), 429, 'rate_limited');
    });

    it('leave whoever has a valid token alone beside somebody who guesses', async () => {
      const world = await openWorld(contract, { rateLimits: { refused: { requests: 2, perMs: 60_000 } } });
      const visitor = await world.visitor();
      const stranger = world.stranger();
      for (let n = 0; n < 5; n++) await stranger.ask('GET', '/messages?sessionId=s', { token: `ppv_${n}` });
      await visitor.send('still here');
      expect(await visitor.contents()).toEqual(['still here']);
    });

    it('hold an address, however many visitors it makes up', async () => {
      const world = await openWorld(contract, { rateLimits: { address: { requests: 3, perMs: 10_000 } } });
      const visitors = [await world.visitor(), await world.visitor()];
      const statuses = [];
      for (const visitor of [...visitors, ...visitors]) {
        const { sessionId } = visitor;
        statuses.push((await visitor.post('/message', { sessionId, content: 'x' })).status);
      }
      expect(statuses).toEqual([200, 200, 200, 429]);
    });

    it("know a client's address behind trusted proxies, read from right to left", async () => {
      const world = await openWorld(contract, { trustProxy: ['loopback', '10.0.0.0/8'] });
      const visitor = world.stranger();
      const forwarded = '198.51.100.9, 203.0.113.7, 10.1.2.3';
      const answer = await visitor.post(
        '/connect',
        { visitorId: 'v' },
        { headers: { 'x-forwarded-for': forwarded } },
      );
      const { sessionId } = answer.json as { sessionId: string };
      expect((await world.pp.getSession(sessionId))?.metadata.ip).toBe('203.0.113.7');
    });

    it('believe no proxy that nobody named', async () => {
      const world = await openWorld(contract);
      const answer = await world
        .stranger()
        .post('/connect', { visitorId: 'v' }, { headers: { 'x-forwarded-for': '203.0.113.7' } });
      const { sessionId } = answer.json as { sessionId: string };
      const own = contract.ownsConnections === false ? undefined : '127.0.0.1';
      expect((await world.pp.getSession(sessionId))?.metadata.ip).toBe(own);
    });
  });
};

/** Every way to a stream is closed, in plain HTTP, and the answer says when to come back. */
const expectNoStream = async (
  contract: HttpContract,
  visitor: Visitor,
  status: number,
  code: string,
): Promise<void> => {
  const refused = await visitor.ask('GET', `/stream?sessionId=${visitor.sessionId}`);
  expectRefusal(refused, status, code);
  expect(refused.headers.get('retry-after')).toBe('25');
  if (contract.webSockets === false) return;
  const socket = await rawWebSocket(visitor.url, visitor.sessionId);
  expect(socket.text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(socket.text).toMatch(/^retry-after: 25\r$/im);
  await socket.closes();
};
