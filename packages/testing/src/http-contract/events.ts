import type { CustomEvent } from '@pocketping/core';
import { type Frame, LIMITS } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { carriersOf, itWithWebSockets, openWebSocket } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld, until, type World } from './world.js';

const isEvent = (frame: Frame | undefined) => frame?.type === 'event';

/** The events that the site has been told of, as they come. */
export const heardBy = ({ pp }: World): CustomEvent[] => {
  const heard: CustomEvent[] = [];
  pp.onEvent('*', (event) => void heard.push(event));
  return heard;
};

export const trigger = (visitor: Visitor, name: unknown, data?: unknown) =>
  visitor.post('/event', { sessionId: visitor.sessionId, name, ...(data !== undefined && { data }) });

const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

const invalid: readonly (readonly [what: string, name: unknown, data?: unknown])[] = [
  ['no name', undefined],
  ['an empty name', ''],
  ['the name of all', '*'],
  ['a name with a control character', 'a\u0007b'],
  ['a name that is too long', 'x'.repeat(LIMITS.eventNameLength + 1)],
  ['data that are a list', 'x', [1]],
  ['data that are null', 'x', null],
  ['data that are too large', 'x', { a: 'x'.repeat(LIMITS.eventBytes) }],
  ['data that are too deep', 'x', nested(LIMITS.eventDepth + 1)],
  ['a key that changes prototypes', 'x', JSON.parse('{"__proto__":{"polluted":true}}')],
  ['a way to all prototypes', 'x', { constructor: { prototype: { polluted: true } } }],
];

export const describeEvents = (contract: HttpContract): void => {
  describe('custom events', () => {
    it('come in by request, with or without data, and reach the site’s handlers', async () => {
      const world = await openWorld(contract);
      const heard = heardBy(world);
      const visitor = await world.visitor();
      const data = { plan: 'pro', list: [1, null, 'é 🛒'] };
      expect(await trigger(visitor, 'clicked_pricing', data)).toMatchObject({
        status: 200,
        json: { ok: true },
      });
      expect(await trigger(visitor, 'left')).toMatchObject({ status: 200 });
      await until(() => heard.length === 2);
      const common = { timestamp: new Date(world.clock.now()), sessionId: visitor.sessionId };
      expect(heard).toEqual([
        { name: 'clicked_pricing', data, ...common },
        { name: 'left', ...common },
      ]);
    });

    itWithWebSockets(contract)('come in over a WebSocket, in order, from right behind hello on', async () => {
      const world = await openWorld(contract);
      const heard = heardBy(world);
      const reader = openWebSocket(await world.visitor(), { after: 0 });
      await until(() => reader.carrier.isOpen?.() === true);
      for (let n = 0; n < 10; n++)
        reader.carrier.send?.({ type: 'event', data: { name: `e${n}`, data: { n } } });
      await until(() => heard.length === 10);
      expect(heard.map(({ data }) => data?.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    itWithWebSockets(contract)('with the largest data there may be fit into a frame', async () => {
      const world = await openWorld(contract);
      const heard = heardBy(world);
      const reader = openWebSocket(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      const data = { a: 'x'.repeat(LIMITS.eventBytes - '{"a":""}'.length) };
      reader.carrier.send?.({ type: 'event', data: { name: '🛒'.repeat(LIMITS.eventNameLength / 2), data } });
      await until(() => heard.length === 1);
      expect(heard[0]?.data).toEqual(data);
    });

    it.each(invalid)('are refused with %s, and nothing is kept', async (_what, name, data) => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      expectRefusal(await trigger(visitor, name, data), 400, 'validation_failed');
      expect(await visitor.events()).toMatchObject({ seq: 1 });
      expect({}).not.toHaveProperty('polluted');
    });

    itWithWebSockets(contract)(
      'over a WebSocket are dropped where they are not valid, and the conversation goes on',
      async () => {
        const world = await openWorld(contract);
        const heard = heardBy(world);
        const reader = openWebSocket(await world.visitor(), { after: 0 });
        await reader.upTo('ping');
        for (const [, name, data] of invalid) reader.carrier.send?.({ type: 'event', data: { name, data } });
        reader.carrier.send?.({ type: 'event', data: { name: 'valid' } });
        await until(() => heard.length > 0);
        expect(heard.map(({ name }) => name)).toEqual(['valid']);
        const dropped = world.logger.lines.filter(({ message }) => message.includes('are dropped'));
        expect(dropped.map(({ level }) => level)).toEqual(['warn']);
      },
    );

    it('need the token of the session’s visitor, and a session that has not ended', async () => {
      const world = await openWorld(contract);
      const [visitor, other] = [await world.visitor(), await world.visitor()];
      const body = { sessionId: visitor.sessionId, name: 'x' };
      expectRefusal(await visitor.post('/event', body, { token: null }), 401, 'unauthorized');
      expectRefusal(await other.post('/event', body), 404, 'session_not_found');
      expectRefusal(
        await other.post('/event', { ...body, sessionId: 'sess_none' }),
        404,
        'session_not_found',
      );
      await visitor.post('/disconnect', { sessionId: visitor.sessionId });
      expectRefusal(await trigger(visitor, 'x'), 409, 'session_ended');
    });

    it.each(carriersOf(contract))(
      'are told to a page over %s: an emitted one in its place, a broadcast one now',
      async (_, open) => {
        const world = await openWorld(contract);
        const [visitor, other] = [await world.visitor(), await world.visitor()];
        const data = { discount: 20, '"': '}}' };
        await world.pp.emitEvent(visitor.sessionId, 'show_offer', data);
        const reader = open(visitor, { after: 0 });
        const timestamp = new Date(world.clock.now()).toISOString();
        const common = { timestamp, sessionId: visitor.sessionId };
        expect((await reader.upTo('ping')).filter(isEvent)).toEqual([
          { type: 'event', seq: 2, data: { name: 'show_offer', data, ...common } },
        ]);
        const elsewhere = open(other, { after: 0 });
        await elsewhere.upTo('presence');
        await reader.upTo('presence');
        await world.pp.broadcastEvent('announcement', data);
        expect(await reader.next()).toEqual({
          type: 'event',
          data: { name: 'announcement', data, ...common },
        });
        expect(await elsewhere.next()).toEqual({
          type: 'event',
          data: { name: 'announcement', data, timestamp, sessionId: other.sessionId },
        });
        await world.pp.emitEvent(visitor.sessionId, 'open_chat');
        expect(await reader.next()).toEqual({
          type: 'event',
          seq: 3,
          data: { name: 'open_chat', ...common },
        });
      },
    );

    it('are told to a page that polls', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const common = { timestamp: new Date(world.clock.now()).toISOString(), sessionId: visitor.sessionId };
      await world.pp.emitEvent(visitor.sessionId, 'show_offer');
      expect(await visitor.events({ after: '1' })).toEqual({
        events: [{ type: 'event', seq: 2, data: { name: 'show_offer', ...common } }],
        seq: 2,
        hasMore: false,
      });
      const polled = await world.waits(() => ({ page: visitor.events({ after: '2', wait: '25' }) }));
      await world.pp.broadcastEvent('announcement');
      expect(await polled.page).toEqual({
        events: [{ type: 'event', data: { name: 'announcement', ...common } }],
        seq: 2,
        hasMore: false,
      });
    });

    it.each(carriersOf(contract))(
      'are not told over %s once their time has passed, nor back to whoever triggered them',
      async (_, open) => {
        const world = await openWorld(contract);
        const visitor = await world.visitor();
        await world.pp.emitEvent(visitor.sessionId, 'brief', {}, { ttlSeconds: 60 });
        await world.pp.emitEvent(visitor.sessionId, 'lasting', {}, { ttlSeconds: 61 });
        await trigger(visitor, 'mine');
        await world.clock.advance(60_000);
        const told = (await open(visitor, { after: 1 }).upTo('ping')).filter(isEvent);
        expect(told).toMatchObject([{ seq: 3, data: { name: 'lasting' } }]);
        expect((await visitor.events({ after: '1' })).events).toEqual(told);
      },
    );

    it.each([...carriersOf(contract), ['polling', undefined] as const])(
      'are told once over %s to a page that was away, whatever else has happened, until their time has passed',
      async (_, open) => {
        const world = await openWorld(contract);
        const visitor = await world.visitor();
        const { sessionId } = visitor;
        /** What the page is told when it is back, and from where it goes on. */
        const back = async (after: number) => {
          if (!open) {
            const frames: Frame[] = [];
            for (let page = { seq: after, hasMore: true }; ; ) {
              const { events, ...next } = await visitor.events({ after: `${page.seq}` });
              frames.push(...events);
              page = next;
              if (!page.hasMore) return { frames, seq: page.seq };
            }
          }
          const frames = await open(visitor, { after }).upTo('ping');
          return { frames, seq: Number((frames.at(-1) as { seq?: number }).seq) };
        };
        const told = ({ frames }: { frames: readonly Frame[] }) =>
          frames.flatMap((frame) => (frame.type === 'event' ? [frame.data.name] : []));
        const actor = await world.pp.conversation.authenticate(visitor.token ?? '');
        for (let i = 0; i < 1001; i++)
          await world.pp.conversation.trigger(actor, { sessionId, name: 'scrolled' });
        await world.pp.emitEvent(sessionId, 'important', {}, { ttlSeconds: 86_400 });
        const unseen = await back(1);
        expect([told(unseen), unseen.seq]).toEqual([['important'], 1003]);
        expect(told(await back(unseen.seq))).toEqual([]);

        // Too many messages to be replayed.
        for (let i = 0; i < 1001; i++) await world.pp.sendMessage(sessionId, { content: `${i}` });
        const reloaded = await back(1);
        expect(told(reloaded)).toEqual(['important']);
        expect(reloaded.frames.at(-1)).toEqual({
          type: 'reset',
          seq: 2004,
          data: { reason: 'too_far_behind' },
        });
        await world.pp.emitEvent(sessionId, 'meanwhile');
        await visitor.connect();
        expect(told(await back(reloaded.seq))).toEqual(['meanwhile']);

        await world.clock.advance(86_400_000);
        expect(told(await back(1))).toEqual([]);
      },
      30_000,
    );

    /** A page that is connected, and a site that hears what it tells. */
    const onWebSocket = async () => {
      const world = await openWorld(contract);
      const heard = heardBy(world);
      const visitor = await world.visitor();
      const reader = openWebSocket(visitor, { after: 0 });
      await reader.upTo('ping');
      return { world, heard, visitor, reader };
    };

    it('over a limit are refused by request, for this visitor alone', async () => {
      const world = await openWorld(contract, { rateLimits: { event: { requests: 2, perMs: 10_000 } } });
      const [visitor, other] = [await world.visitor(), await world.visitor()];
      expect([(await trigger(visitor, 'a')).status, (await trigger(visitor, 'b')).status]).toEqual([
        200, 200,
      ]);
      const refused = await trigger(visitor, 'c');
      expectRefusal(refused, 429, 'rate_limited');
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(await trigger(other, 'mine')).toMatchObject({ status: 200 });
      await world.clock.advance(5000);
      expect(await trigger(visitor, 'd')).toMatchObject({ status: 200 });
      await visitor.send('hello');
    });

    itWithWebSockets(contract)(
      'of a page that triggers 1,000 a second for 10 s become 39 entries of the log, and the page stays connected',
      async () => {
        const { world, heard, visitor, reader } = await onWebSocket();
        for (let second = 0; second < 10; second++) {
          for (let n = 0; n < 1000; n++)
            reader.carrier.send?.({ type: 'event', data: { name: 'scrolled', data: { n } } });
          await until(() => heard.length === 30 + second);
          // Those behind are dropped by the time the server answers this.
          await reader.carrier.roundTrip?.();
          await world.clock.advance(1000);
        }
        expect(await visitor.events()).toMatchObject({ seq: 1 + 39 });
        expect(world.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
        await world.pp.sendMessage(visitor.sessionId, { content: 'still connected' });
        await reader.upTo('message');
      },
    );

    itWithWebSockets(contract)(
      'of a page that reconnects all the time are one line of the log in a minute, with how many it was',
      async () => {
        const world = await openWorld(contract, { rateLimits: { event: { requests: 1, perMs: 60_000 } } });
        const visitor = await world.visitor();
        const reconnect = async () => {
          const reader = openWebSocket(visitor, { after: 0 });
          await reader.upTo('ping');
          reader.carrier.send?.({ type: 'event', data: { name: 'too_many' } });
          await reader.carrier.roundTrip?.();
          reader.carrier.close();
        };
        const lines = () => world.logger.lines.filter(({ message }) => message.includes('are dropped'));
        expect((await trigger(visitor, 'last')).status).toBe(200);
        for (let n = 0; n < 5; n++) await reconnect();
        expect(lines()).toHaveLength(1);
        await world.clock.advance(60_000);
        expect((await trigger(visitor, 'last')).status).toBe(200);
        await reconnect();
        expect(lines().map(({ fields }) => fields.droppedMeanwhile)).toEqual([undefined, 4]);
      },
    );

    itWithWebSockets(contract)(
      'over a WebSocket into a session that has ended are dropped, and the page stays connected',
      async () => {
        const { world, heard, visitor, reader } = await onWebSocket();
        await visitor.post('/disconnect', { sessionId: visitor.sessionId });
        reader.carrier.send?.({ type: 'event', data: { name: 'too_late' } });
        await reader.carrier.roundTrip?.();
        await until(() => world.logger.lines.some(({ message }) => message.includes('are dropped')));
        expect(heard).toEqual([]);
        expect(reader.carrier.isOpen?.()).toBe(true);
      },
    );

    itWithWebSockets(contract)(
      'of which a hundred wait for one before them are dropped from there on, whatever the limits are',
      async () => {
        let goOn = () => {};
        const held = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        const world = await openWorld(contract, { rateLimits: false }, (real) => ({
          trigger: async (...asked) => {
            await held;
            return real.trigger(...asked);
          },
        }));
        const heard = heardBy(world);
        const reader = openWebSocket(await world.visitor(), { after: 0 });
        await reader.upTo('ping');
        for (let n = 0; n < 150; n++)
          reader.carrier.send?.({ type: 'event', data: { name: 'scrolled', data: { n } } });
        await reader.carrier.roundTrip?.();
        goOn();
        await until(() => heard.length >= 100);
        reader.carrier.send?.({ type: 'event', data: { name: 'last' } });
        await until(() => heard.at(-1)?.name === 'last');
        expect(heard.map(({ data }) => data?.n)).toEqual([...Array(100).keys(), undefined]);
        expect(world.logger.lines.filter(({ message }) => message.includes('too many wait'))).toHaveLength(1);
      },
    );

    itWithWebSockets(contract)(
      'end the connection of a program that sends nothing but too many of them',
      async () => {
        const world = await openWorld(contract, {
          rateLimits: { event: { requests: 1, perMs: 1000 }, droppedEvent: { requests: 3, perMs: 1000 } },
        });
        const reader = openWebSocket(await world.visitor(), { after: 0 });
        await reader.upTo('ping');
        for (let n = 0; n < 5; n++) reader.carrier.send?.({ type: 'event', data: { name: 'x' } });
        expect((await reader.ended).code).toBe(4429);
      },
    );
  });
};
