import type { Frame } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { carriersOf, itWithWebSockets, openServerSentEvents, openWebSocket } from './frames.js';
import type { HttpContract } from './subject.js';
import { openWorld } from './world.js';

const texts = (frames: readonly Frame[]): string[] =>
  frames.flatMap((frame) => (frame.type === 'message' ? [frame.data.content] : []));

export const describeStreams = (contract: HttpContract): void => {
  describe.each(carriersOf(contract))('%s', (_name, open) => {
    it('brings the log up to its head, says that it is live, and goes on', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      await visitor.send('1');
      await visitor.send('2');
      const reader = open(visitor, { after: 0 });
      const past = await reader.upTo('ping');
      expect(texts(past)).toEqual(['1', '2']);
      expect(past.at(-1)).toEqual({ type: 'ping', seq: (await visitor.events()).seq, data: {} });
      expect(await reader.next()).toEqual({ type: 'presence', data: { online: false } });

      const { messageId } = await visitor.send('3');
      const { sessionId } = visitor;
      await visitor.post('/edit', { sessionId, messageId, content: 'three' });
      await visitor.post('/delete', { sessionId, messageId });
      const said = await world.pp.sendMessage(sessionId, { content: 'hi', name: 'Ada' });
      await visitor.post('/read', { sessionId, messageIds: [said.id] });
      await world.pp.closeSession(sessionId);
      await visitor.post('/disconnect', { sessionId });
      const live = await reader.upTo('session_closed');
      live.push(...(await reader.upTo('session_closed')));
      // An answer of the team also tells that they have read, which is the engine's business.
      expect(live.filter(({ type, data }) => type !== 'read' || data.by === 'visitor')).toMatchObject([
        { type: 'message', data: { content: '3', sender: 'visitor' } },
        { type: 'message_edited', data: { id: messageId, content: 'three', version: 2 } },
        { type: 'message_deleted', data: { id: messageId, content: '', version: 3 } },
        { type: 'message', data: { content: 'hi', sender: 'operator', senderName: 'Ada' } },
        { type: 'read', data: { by: 'visitor', status: 'read' } },
        { type: 'session_closed', data: { ended: false } },
        { type: 'session_closed', data: { by: 'visitor', ended: true } },
      ]);
    });

    it('resumes from a cursor: everything once, in order', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const said: string[] = [];
      const heard: string[] = [];
      let after = 0;
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 5; i++) {
          said.push(`${round}.${i}`);
          await visitor.send(said.at(-1) ?? '');
        }
        const reader = open(visitor, { after });
        for (const frame of await reader.upTo('ping')) {
          heard.push(...texts([frame]));
          if ('seq' in frame && frame.seq !== undefined) after = frame.seq;
        }
        reader.carrier.close();
      }
      expect(heard).toEqual(said);
    });

    it('reaches every tab of a visitor, and nobody else', async () => {
      const world = await openWorld(contract);
      const [visitor, other] = [await world.visitor(), await world.visitor()];
      const tabs = [open(visitor, { after: 0 }), open(visitor, { after: 0 }), open(other, { after: 0 })];
      for (const tab of tabs) await tab.upTo('presence');
      await visitor.send('mine');
      await other.send('theirs');
      for (const tab of tabs.slice(0, 2))
        expect(await tab.next()).toMatchObject({ data: { content: 'mine' } });
      expect(await tabs[2]?.next()).toMatchObject({ data: { content: 'theirs' } });
    });

    it('says that it lives, every 25 s, with the head of the log', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const reader = open(visitor, { after: 0 });
      const first = (await reader.upTo('ping')).at(-1);
      await reader.upTo('presence');
      await world.clock.advance(25_000);
      expect(await reader.next()).toEqual(first);
    });

    it('tells a cursor from beyond the log, or far behind it, to reload', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const ahead = open(visitor, { after: 1000 });
      expect(await ahead.next()).toEqual({ type: 'reset', data: { reason: 'unknown_cursor' } });
      await ahead.ended;
      for (let i = 0; i < 1001; i++) await world.pp.sendMessage(visitor.sessionId, { content: `${i}` });
      const behind = open(visitor, { after: 0 });
      expect(await behind.next()).toEqual({ type: 'reset', seq: 1002, data: { reason: 'too_far_behind' } });
      await behind.ended;
    });

    it('ends when the engine stops', async () => {
      const world = await openWorld(contract);
      const reader = open(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      await world.pp.stop();
      expect([1001, 0]).toContain((await reader.ended).code);
    });
  });

  describe('a stream', () => {
    itWithWebSockets(contract)('takes typing over a WebSocket', async () => {
      const typed: unknown[] = [];
      const world = await openWorld(contract, {}, (real) => ({
        type: (actor, request) => {
          typed.push(request);
          return real.type(actor, request);
        },
      }));
      const visitor = await world.visitor();
      const reader = openWebSocket(visitor, { after: 0 });
      await reader.upTo('ping');
      reader.carrier.send?.({ type: 'typing', data: { isTyping: true } });
      // Frames of one connection are handled in order: after this one, the first was.
      reader.carrier.send?.({ type: 'hello', data: { token: visitor.token } });
      expect((await reader.ended).code).toBe(1008);
      expect(typed).toEqual([{ sessionId: visitor.sessionId, isTyping: true }]);
    });

    itWithWebSockets(contract)('ends a WebSocket whose other end no longer answers', async () => {
      const world = await openWorld(contract);
      const reader = openWebSocket(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      reader.carrier.pause();
      await world.clock.advance(25_000);
      await world.clock.advance(25_000);
      reader.carrier.resume();
      expect((await reader.ended).code).toBe(1006);
    });

    it('resumes from Last-Event-ID, as a browser sends it', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      await visitor.send('1');
      const { seq } = await visitor.send('2');
      await visitor.send('3');
      const url = `${visitor.url}/stream?sessionId=${visitor.sessionId}&after=0`;
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${visitor.token}`, 'last-event-id': `${seq}` },
      });
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('"ping"')) text += (await reader?.read())?.value ?? '';
      expect(text).toMatch(/^retry: \d+\n\n/);
      expect(text.match(/"content":"."/g)).toEqual(['"content":"3"']);
      await reader?.cancel();
    });

    itWithWebSockets(contract)('comes to an end of both kinds at once without a trace', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      for (const open of [openWebSocket, openServerSentEvents]) {
        const reader = open(visitor, { after: 0 });
        await reader.upTo('ping');
        reader.carrier.close();
        await reader.ended;
      }
      await visitor.send('still here');
      expect(world.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    });
  });
};
