import type { Broker, Follower, LogEntry } from '@pocketping/core';
import { LocalBroker, MemoryStorage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, visitor } from './house.js';

/** A follower that keeps what it is told. */
const recorder = () => {
  const entries: LogEntry[] = [];
  const ended: string[] = [];
  const follower: Follower = {
    entry: (entry) => void entries.push(entry),
    signal: () => {},
    reset: (reason) => void ended.push(reason),
    end: (reason) => void ended.push(reason),
  };
  return {
    follower,
    ended,
    get seqs() {
      return entries.map(({ event }) => event.seq);
    },
    get contents() {
      return entries.flatMap(({ event, message }) => (event.type === 'message' ? [message?.content] : []));
    },
  };
};

describe('following', () => {
  it('brings everything after the cursor, in order, once, and then what happens', async () => {
    const { pp } = house();
    const { actor, sessionId, say, seq } = await visitor({ pp });
    await say('one');
    await say('two');
    const tab = recorder();
    const following = await pp.conversation.follow(actor, { sessionId, after: seq }, tab.follower);
    await pp.sendMessage(sessionId, { content: 'three' });
    await say('four');
    expect(tab.contents).toEqual(['one', 'two', 'three', 'four']);
    expect(tab.seqs).toEqual([...tab.seqs].sort((a, b) => a - b));
    following.close();
    await say('unheard');
    expect(tab.contents).toHaveLength(4);

    const resumed = recorder();
    await pp.conversation.follow(actor, { sessionId, after: following.seq }, resumed.follower);
    expect(resumed.contents).toEqual(['unheard']);
  });

  it('loses nothing of what is committed while it begins', async () => {
    const { pp } = house();
    const { actor, sessionId, say } = await visitor({ pp });
    const tab = recorder();
    const sends = Array.from({ length: 50 }, (_, n) => say(`${n}`));
    const followings = pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await Promise.all([...sends, followings]);
    expect(tab.contents).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`));
  });

  it('tells who is too far behind, or elsewhere, to reload', async () => {
    const { pp } = house();
    const { actor, sessionId, say } = await visitor({ pp });
    for (let n = 0; n < 1100; n++) await say(`${n}`);
    const old = recorder();
    await pp.conversation.follow(actor, { sessionId, after: 10 }, old.follower);
    expect([old.ended, old.seqs]).toEqual([['too_far_behind'], []]);
    const foreign = recorder();
    await pp.conversation.follow(actor, { sessionId, after: 5000 }, foreign.follower);
    expect(foreign.ended).toEqual(['unknown_cursor']);
    const recent = recorder();
    await pp.conversation.follow(actor, { sessionId, after: 200 }, recent.follower);
    expect(recent.contents).toHaveLength(901);
  });

  it('lets go of a follower that throws, and of all when the engine stops', async () => {
    const { pp } = house();
    const { actor, sessionId, say } = await visitor({ pp });
    const healthy = recorder();
    let told = 0;
    await pp.conversation.follow(
      actor,
      { sessionId, after: 0 },
      {
        ...healthy.follower,
        entry: () => {
          told++;
          throw new Error('closed');
        },
      },
    );
    await pp.conversation.follow(actor, { sessionId, after: 0 }, healthy.follower);
    await say('one');
    await say('two');
    expect(told).toBe(1);
    expect(healthy.contents).toEqual(['one', 'two']);
    await pp.stop();
    expect(healthy.ended).toEqual(['stopping']);
  });
});

describe('two nodes over one storage', () => {
  const nodes = (wrap: (broker: Broker) => Broker = (broker) => broker) => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const broker = wrap(new LocalBroker({ logger: recordingLogger() }));
    return { clock, a: house({ clock, storage, broker }), b: house({ clock, storage, broker }) };
  };

  it('a follower on one hears what the other commits', async () => {
    const { a, b } = nodes();
    const { actor, sessionId, say } = await visitor(a);
    const tab = recorder();
    await b.pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await say('from a');
    await a.clock.advance(0);
    expect(tab.contents).toEqual(['from a']);
  });

  it('a broker that loses everything delays by a heartbeat at most', async () => {
    const { a, b, clock } = nodes((broker) => ({
      ...broker,
      publish: () => {},
      subscribe: async () => () => {},
      close: async () => {},
    }));
    const { actor, sessionId, say } = await visitor(a);
    const tab = recorder();
    await b.pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await say('one');
    await say('two');
    await clock.advance(0);
    expect(tab.contents).toEqual([]);
    await clock.advance(10_000);
    expect(tab.contents).toEqual(['one', 'two']);
  });

  it('a broker that loses some is found out by the gap', async () => {
    let drop = false;
    const { a, b, clock } = nodes((broker) => ({
      publish: (channel, payload) => drop || broker.publish(channel, payload),
      subscribe: (channel, receive) => broker.subscribe(channel, receive),
      close: () => broker.close(),
    }));
    const { actor, sessionId, say } = await visitor(a);
    const tab = recorder();
    await b.pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await say('one');
    drop = true;
    await say('lost on the way');
    drop = false;
    await say('three');
    await clock.advance(0);
    expect(tab.contents).toEqual(['one', 'lost on the way', 'three']);
  });
});

describe('news for everybody', () => {
  it('is told a few at a time, so that nobody else waits; to each once, and in order', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = await begin(bridge);
    const heard = await Promise.all(
      Array.from({ length: 1200 }, async (_, n) => {
        const { actor, sessionId, seq } = await visitor({ pp }, `vis_${n}`);
        const signals: string[] = [];
        const follower: Follower = {
          ...recorder().follower,
          signal: (signal) => {
            if (signal.type === 'presence') signals.push(signal.presence.operators.join());
          },
        };
        await pp.conversation.follow(actor, { sessionId, after: seq }, follower);
        return signals;
      }),
    );
    const told = () => heard.filter((signals) => signals.length > 0).length;
    await bridge.command('online', { thread: null });
    expect(told()).toBe(500);
    await bridge.command('offline', { thread: null });
    await clock.advance(0);
    expect(heard.every((signals) => signals.join(' ') === 'Ada ')).toBe(true);
  });
});
