import { describe, expect, it } from 'vitest';
import { heardBy, trigger } from './events.js';
import { itWithWebSockets, openWebSocket } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal } from './visitor.js';
import { openWorld, until } from './world.js';

export const describeTooManyEvents = (contract: HttpContract): void => {
  describe('too many custom events', () => {
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
