import { PocketPingError } from '@pocketping/core';
import { LIMITS } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { heardBy, trigger } from './events.js';
import { itWithWebSockets, openWebSocket } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal } from './visitor.js';
import { openWorld, until } from './world.js';

export const describeRepeatedEvents = (contract: HttpContract): void => {
  describe('custom events that come again', () => {
    const paid = { name: 'paid', data: { amount: 20 }, clientEventId: 'e1' };

    it('are taken once under their clientEventId, however often they come by request', async () => {
      const world = await openWorld(contract);
      const heard = heardBy(world);
      const visitor = await world.visitor();
      const post = (event: object) => visitor.post('/event', { sessionId: visitor.sessionId, ...event });
      for (let n = 0; n < 3; n++) expect(await post(paid)).toMatchObject({ status: 200, json: { ok: true } });
      expectRefusal(await post({ ...paid, data: { amount: 21 } }), 409, 'conflict');
      expectRefusal(await post({ ...paid, name: 'refunded' }), 409, 'conflict');
      for (const clientEventId of ['', 'a b', 'x'.repeat(LIMITS.idLength + 1), 7, null])
        expectRefusal(await post({ ...paid, clientEventId }), 400, 'validation_failed');
      await post({ name: 'last', clientEventId: 'x'.repeat(LIMITS.idLength) });
      await until(() => heard.length > 1);
      expect(heard.map(({ name }) => name)).toEqual(['paid', 'last']);
      expect(await visitor.events()).toMatchObject({ seq: 3 });
    });

    it('are taken once where the answer was lost and the visitor asks again', async () => {
      let lost = 0;
      const world = await openWorld(contract, {}, (real) => ({
        trigger: async (...asked) => {
          await real.trigger(...asked);
          if (lost++ === 0) throw new PocketPingError('unavailable', 'The answer is lost.');
        },
      }));
      const heard = heardBy(world);
      const visitor = await world.visitor();
      const post = () => visitor.post('/event', { sessionId: visitor.sessionId, ...paid });
      expectRefusal(await post(), 503, 'unavailable');
      expect(await post()).toMatchObject({ status: 200 });
      await trigger(visitor, 'last');
      await until(() => heard.length > 1);
      expect(heard.map(({ name }) => name)).toEqual(['paid', 'last']);
    });

    it('that were too many are taken under the same clientEventId once there is room', async () => {
      const world = await openWorld(contract, { rateLimits: { event: { requests: 1, perMs: 10_000 } } });
      const heard = heardBy(world);
      const visitor = await world.visitor();
      const post = () => visitor.post('/event', { sessionId: visitor.sessionId, ...paid });
      await trigger(visitor, 'first');
      expectRefusal(await post(), 429, 'rate_limited');
      await world.clock.advance(10_000);
      expect(await post()).toMatchObject({ status: 200 });
      await until(() => heard.length > 1);
      expect(heard.map(({ name }) => name)).toEqual(['first', 'paid']);
    });

    itWithWebSockets(contract)(
      'are taken once under their clientEventId over a WebSocket, too, and whichever way they come again',
      async () => {
        const world = await openWorld(contract);
        const heard = heardBy(world);
        const visitor = await world.visitor();
        const reader = openWebSocket(visitor, { after: 0 });
        await reader.upTo('ping');
        const send = (event: object) => reader.carrier.send?.({ type: 'event', data: event });
        const other = { ...paid, clientEventId: 'e2' };
        await visitor.post('/event', { sessionId: visitor.sessionId, ...paid });
        for (const event of [paid, other, other]) send(event);
        send({ ...paid, name: 'refunded' });
        send({ ...paid, clientEventId: 'a b' });
        send({ name: 'last' });
        await until(() => heard.length > 2);
        await visitor.post('/event', { sessionId: visitor.sessionId, ...other });
        expect(heard.map(({ name }) => name)).toEqual(['paid', 'paid', 'last']);
        expect(await visitor.events()).toMatchObject({ seq: 4 });
        const dropped = world.logger.lines.filter(({ message }) => message.includes('are dropped'));
        expect(dropped.map(({ message }) => message)).toEqual([expect.stringContaining('clientEventId e1')]);
        expect(reader.carrier.isOpen?.()).toBe(true);
      },
    );
  });
};
