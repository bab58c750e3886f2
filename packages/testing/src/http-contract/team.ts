import type { Bridge, BridgeHost } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { everyRequest } from './access.js';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { expectRefusal } from './visitor.js';
import { openWorld, type World } from './world.js';

/** What the team keeps to itself, and whom it keeps out. */
export const describeTeam = (contract: HttpContract): void => {
  describe('the team', () => {
    it('keeps a visitor out of everything, and lets them in again', async () => {
      const { world, visitor, command } = await conversation(contract);
      const { messageId } = await visitor.send('hello');
      const requests = everyRequest(visitor.sessionId, messageId);
      await command('block');
      for (const [method, path, body] of requests) {
        expectRefusal(await visitor.ask(method, path, { body }), 403, 'blocked');
      }
      const { visitorId } = visitor;
      expectRefusal(await visitor.post('/connect', { visitorId }), 403, 'blocked');
      const neighbour = await world.visitor();
      await neighbour.send('I am somebody else');
      await command('unblock');
      await visitor.connect();
      await visitor.send('thank you');
      expect(await visitor.contents()).toEqual(['is anybody there?', 'hello', 'thank you']);
    });

    it.each(carriersOf(contract))('sends a visitor away whom it keeps out, over %s', async (_name, open) => {
      const { visitor, command, say } = await conversation(contract);
      const reader = open(visitor, { after: 0 });
      const first = await reader.next();
      expect(first).toMatchObject({ type: 'message' });
      await command('block');
      await say('nobody hears this');
      expect([4403, 0]).toContain((await reader.ended).code);
      const again = open(visitor, { after: 0 });
      expect([4403, 403]).toContain((await again.ended).code);
      expect(await again.next()).toBeUndefined();
    });

    it.each(carriersOf(contract))('keeps its notes to itself, over %s', async (_name, open) => {
      const { visitor, command, say } = await conversation(contract);
      const reader = open(visitor, { after: 0 });
      await command('note', 'a difficult one');
      await say('how can I help?');
      const frames = [await reader.next(), await reader.next()];
      while (frames.at(-1)?.type !== 'message' || frames.length < 3) frames.push(await reader.next());
      expect(JSON.stringify(frames)).not.toContain('difficult');
      expect(frames.at(-1)).toMatchObject({ type: 'message', data: { content: 'how can I help?' } });
      const { sessionId } = visitor;
      const answers = [
        await visitor.ask('GET', `/messages?sessionId=${sessionId}&limit=100`),
        await visitor.ask('GET', `/messages?sessionId=${sessionId}&after=0`),
        await visitor.ask('GET', `/events?sessionId=${sessionId}&after=0`),
        await visitor.post('/connect', { visitorId: visitor.visitorId, sessionId }),
      ];
      for (const { status, text } of answers) {
        expect(status).toBe(200);
        expect(text).not.toContain('difficult');
      }
    });
  });
};

/** A visitor whose conversation stands on a bridge, and an operator there. */
const conversation = async (contract: HttpContract) => {
  const world = await openWorld(contract);
  const team = teamOf(world);
  const visitor = await world.visitor();
  await visitor.send('is anybody there?');
  await world.clock.advance(1000);
  return { world, visitor, ...team };
};

/** A bridge with a single thread, which shows nothing. */
const teamOf = ({ pp, clock }: World) => {
  const thread = { chatId: 'chat', threadId: 'thread' };
  let host: BridgeHost | undefined;
  let posts = 0;
  let said = 0;
  const bridge: Bridge = {
    name: 'team',
    commandPrefix: '/',
    pacing: {},
    start: async (given) => {
      host = given;
    },
    stop: async () => {},
    open: async () => thread,
    render: () => [],
    post: async () => ({ ...thread, platformId: `post-${++posts}` }),
    answer: async () => {},
  };
  pp.addBridge(bridge);
  const base = () => ({
    operator: { id: 'ada', name: 'Ada' },
    at: clock.now(),
    ref: { ...thread, platformId: `said-${++said}` },
  });
  return {
    command: async (name: string, args = '') => {
      await host?.receive({ kind: 'command', name, args, ...base() });
    },
    say: async (content: string) => {
      await host?.receive({ kind: 'message', content, version: 1, ...base() });
    },
  };
};
