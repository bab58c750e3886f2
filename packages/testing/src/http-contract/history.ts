import { describe, expect, it } from 'vitest';
import type { HttpContract } from './subject.js';
import { expectRefusal } from './visitor.js';
import { openWorld } from './world.js';

export const describeHistory = (contract: HttpContract): void => {
  describe('the history', () => {
    it('comes in pages, the newest first, each oldest first', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const ids: string[] = [];
      for (let i = 1; i <= 7; i++) {
        await world.clock.advance(1000);
        ids.push((await visitor.send(`${i}`)).messageId);
      }
      const page = async (query: Record<string, string>) => {
        const { messages, hasMore } = await visitor.messages(query);
        return [messages.map(({ content }) => content).join(''), hasMore];
      };
      const timestamp = (await visitor.messages()).messages[2]?.timestamp ?? '';
      expect(await page({ limit: '3' })).toEqual(['567', true]);
      expect(await page({ limit: '3', before: ids[4] ?? '' })).toEqual(['234', true]);
      expect(await page({ limit: '3', before: ids[1] ?? '' })).toEqual(['1', false]);
      expect(await page({ limit: '3', after: ids[1] ?? '' })).toEqual(['345', true]);
      expect(await page({ after: timestamp })).toEqual(['4567', false]);
      expect(await page({ after: '0', limit: '2' })).toEqual(['12', true]);
    });

    it('refuses cursors and limits that make no sense', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      for (const query of [{ limit: '0' }, { limit: '101' }, { limit: 'ten' }, { after: '1', before: '2' }]) {
        expectRefusal(
          await visitor.get('/messages', query as Record<string, string>),
          400,
          'validation_failed',
        );
      }
      expectRefusal(await visitor.get('/messages', { after: 'msg_unknown' }), 404, 'message_not_found');
      for (const query of [{ after: '-1' }, { after: 'x' }, { wait: '26' }, { limit: '0' }]) {
        expectRefusal(
          await visitor.get('/events', query as Record<string, string>),
          400,
          'validation_failed',
        );
      }
    });

    it('is a log for long polling: everything after a cursor, in pages', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { messageId } = await visitor.send('1');
      await visitor.send('2');
      await visitor.post('/edit', { sessionId: visitor.sessionId, messageId, content: 'one' });
      const seen: string[] = [];
      let page = await visitor.events({ after: '0', limit: '1' });
      for (; page.hasMore; page = await visitor.events({ after: `${page.seq}`, limit: '1' })) {
        seen.push(...page.events.map(({ type }) => type));
      }
      seen.push(...page.events.map(({ type }) => type));
      expect(seen).toEqual(['message', 'message', 'message_edited']);
      expect(await visitor.events({ after: `${page.seq}` })).toEqual({
        events: [],
        seq: page.seq,
        hasMore: false,
      });
    });

    it('wakes a waiting poll with what happens', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { seq } = await visitor.events();
      const poll = await world.waits(() => [visitor.events({ after: `${seq}`, wait: '25' })]);
      await world.pp.sendMessage(visitor.sessionId, { content: 'hello' });
      expect((await poll[0])?.events).toMatchObject([
        { type: 'message', data: { content: 'hello', sender: 'operator' } },
      ]);
    });

    it('answers a waiting poll when its time is over', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { seq } = await visitor.events();
      const poll = await world.waits(() => [visitor.events({ after: `${seq}`, wait: '25' })]);
      await world.clock.advance(25_000);
      expect(await poll[0]).toMatchObject({ events: [], hasMore: false });
    });

    it('tells a poll from beyond the log to reload', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const { events } = await visitor.events({ after: '1000' });
      expect(events).toEqual([{ type: 'reset', data: { reason: 'unknown_cursor' } }]);
    });
  });
};
