import type { CustomEvent } from '@pocketping/core';
import { LIMITS } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { itWithWebSockets, openWebSocket } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld, until, type World } from './world.js';

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
  });
};
