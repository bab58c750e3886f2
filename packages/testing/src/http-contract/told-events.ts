import type { Frame } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { trigger } from './events.js';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { openWorld } from './world.js';

const isEvent = (frame: Frame | undefined) => frame?.type === 'event';

export const describeToldEvents = (contract: HttpContract): void => {
  describe('custom events of the site’s', () => {
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
  });
};
