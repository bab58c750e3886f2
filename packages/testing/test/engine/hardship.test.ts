import { LocalBroker, MemoryStorage, PocketPing } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, refusal, visitor } from './house.js';

describe('what the platform refuses as invalid', () => {
  it('holds nothing up as the closing of a thread, whose note is posted once', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.closing.close = () => Promise.reject(refusal('invalid'));
    await pp.closeSession(sessionId);
    await clock.advance(0);
    await say('still there?');
    await clock.advance(10 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'closed by site', 'still there?']);
  });

  it('holds nothing up as a new title', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.titles.rename = () => Promise.reject(refusal('invalid'));
    await pp.identify(sessionId, { name: 'Jo' });
    await say('two');
    await clock.advance(10 * 60_000);
    expect(bridge.shown().at(-1)).toBe('two');
  });

  it('holds nothing up as what an edit adds', async () => {
    const { bridge, say, clock, pp, sessionId, actor } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    const post = bridge.post.bind(bridge);
    bridge.post = (t, part, c) =>
      part.plain.startsWith('yy') ? Promise.reject(refusal('invalid')) : post(t, part, c);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'y'.repeat(150) });
    await say('two');
    await clock.advance(10 * 60_000);
    expect(bridge.shown().at(-1)).toBe('two');
  });
});

describe('what takes several calls', () => {
  it('does not begin anew where the platform lets a thread be closed only later: its note is posted once', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail(
      'close',
      refusal('rate_limited', { retryAfterMs: 5000 }),
      refusal('rate_limited', { retryAfterMs: 5000 }),
    );
    await pp.closeSession(sessionId);
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'closed by site']);
  });

  it('does not begin anew where the platform takes a recap only later: the card is posted once', async () => {
    const { bridge, say, clock } = await begin();
    await say('one');
    await clock.advance(0);
    let posts = 0;
    const post = bridge.post.bind(bridge);
    bridge.post = (...args) => {
      posts++;
      if (posts === 1) return Promise.reject(refusal('thread_gone'));
      if (posts === 3) return Promise.reject(refusal('rate_limited', { retryAfterMs: 5000 }));
      return post(...args);
    };
    await say('two');
    await clock.advance(60_000);
    expect(bridge.shown('t2')).toEqual(['card vis_one', 'recap one', 'two']);
  });
});

describe('an identity that is told meanwhile', () => {
  it('is shown where it comes while the thread is being opened', async () => {
    const bridge = new FakeBridge();
    const { say, clock, pp, sessionId } = await begin(bridge);
    const open = bridge.open.bind(bridge);
    bridge.open = async (card) => {
      await clock.sleep(2000);
      return open(card);
    };
    await say('hello');
    await clock.advance(1000);
    await pp.identify(sessionId, { name: 'Jo' });
    await clock.advance(60_000);
    expect(bridge.shown().join('\n')).toContain('Jo');
  });

  it.each([
    ['with a message that follows', true],
    ['by itself', false],
  ])('is shown %s, if it comes between reading the session and the log', async (_how, writes) => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { say, bridge, pp, sessionId } = await begin(new FakeBridge(), { clock, storage });
    await say('hello');
    await clock.advance(1000);
    const thread = storage.thread.bind(storage);
    let once = true;
    storage.thread = async (by) => {
      const found = await thread(by);
      if (once && 'sessionId' in by) {
        once = false;
        await pp.identify(sessionId, { name: 'Jo' });
      }
      return found;
    };
    if (writes) await say('wake');
    else {
      const task = { queue: 'bridge/fake', key: `deliver/${sessionId}`, kind: 'deliver', sessionId };
      await storage.commit({ at: clock.now(), tasks: [task] });
    }
    await clock.advance(60_000);
    expect(bridge.shown().join('\n')).toContain('Jo');
  });
});

describe('a visitor who leaves meanwhile', () => {
  it('is answered for to whoever replies at that moment', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { say, bridge, pp, sessionId, actor } = await begin(new FakeBridge(), { clock, storage });
    await say('hello');
    await clock.advance(0);
    const session = storage.session.bind(storage);
    let armed = true;
    storage.session = async (id) => {
      const found = await session(id);
      if (armed) {
        armed = false;
        await pp.conversation.leave(actor, sessionId);
      }
      return found;
    };
    await bridge.type('too late');
    await clock.advance(0);
    expect((await pp.getMessages(sessionId)).map(({ content }) => content)).toEqual(['hello']);
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      'Not delivered: the visitor has ended this conversation.',
    ]);
  });
});

describe('an engine that starts', () => {
  it('starts a bridge once that is added meanwhile', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house();
    const starting = pp.start();
    pp.addBridge(bridge);
    await starting;
    await clock.advance(0);
    expect(bridge.starts).toBe(1);
  });

  it('stops such a bridge with the others', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house();
    const starting = pp.start();
    pp.addBridge(bridge);
    await starting;
    await clock.advance(0);
    await Promise.race([pp.stop(), clock.advance(60_000)]);
    expect(clock.pending).toBe(0);
  });

  it('tries its bridges again when it is used after a start that failed', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', refusal('unauthorized'));
    const { pp, clock } = house({ bridge });
    await pp.start().catch(() => {});
    const { say } = await visitor({ pp });
    await say('kept');
    await clock.advance(5 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'kept']);
  });

  it('can be stopped while a bridge hangs in its start', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', 'hang');
    const clock = virtualClock();
    const pp = new PocketPing({
      clock,
      logger: recordingLogger(),
      storage: new MemoryStorage({ clock }),
      bridge,
    });
    await pp.getSessions();
    let stopped = false;
    void pp.stop().then(() => {
      stopped = true;
    });
    await clock.advance(10 * 60_000);
    expect(stopped).toBe(true);
  });

  it('says what is wrong also where it was used before', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', refusal('unauthorized'));
    const { pp } = house({ bridge });
    void pp.getSessions();
    await expect(pp.start()).rejects.toThrow('unauthorized');
  });
});

describe('a visitor whose id is “site”', () => {
  it('is a visitor like any other to callbacks', async () => {
    const seen: string[] = [];
    const { pp, clock } = house({ onMessage: (_, { content }) => void seen.push(content) });
    const { say } = await visitor({ pp }, 'site');
    await say('hello');
    await clock.advance(0);
    expect(seen).toEqual(['hello']);
  });
});

describe('what a visitor claims to be', () => {
  it('is never shown as verified', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    await pp.identify(sessionId, { id: 'u1' });
    await pp.conversation.identify(actor, {
      sessionId,
      identity: { email: 'ceo@bank.example', name: 'The CEO' },
    });
    const { identity } = (await pp.getSession(sessionId)) ?? {};
    expect(identity?.verified && identity.email).not.toBe('ceo@bank.example');
  });

  it('does not keep the site from saying who they are', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    await pp.identify(sessionId, { id: 'u1' });
    await pp.conversation.identify(actor, { sessionId, identity: { email: 'wrong@example.com' } });
    await pp.identify(sessionId, { email: 'right@example.com' });
    expect((await pp.getSession(sessionId))?.identity).toMatchObject({
      email: 'right@example.com',
      verified: true,
    });
  });
});

describe('a lease that has run out', () => {
  it('ends all posting', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const bridge = new FakeBridge();
    const { pp } = house({ clock, storage, bridge });
    await pp.start();
    const { say } = await visitor({ pp });
    await say('one');
    await clock.advance(0);
    clock.set(clock.now() + 31_000);
    await storage.lease.take('bridge/fake', 'somebody else', 60_000);
    await say('two');
    await clock.advance(20_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one']);
  });
});

describe('an outcome that nobody knows, or that could not be recorded', () => {
  it('does not double a post', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { say, bridge } = await begin(new FakeBridge(), { clock, storage });
    await say('one');
    await clock.advance(0);
    const commit = storage.commit.bind(storage);
    let broken = 1;
    storage.commit = async (write) => {
      if (write.links?.length && broken-- > 0) throw new Error('SQLITE_BUSY');
      return commit(write);
    };
    await say('two');
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'two']);
  });

  it('opens no second thread', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { say, bridge } = await begin(new FakeBridge(), { clock, storage });
    const commit = storage.commit.bind(storage);
    let broken = 2;
    storage.commit = async (write) => {
      if (write.threads?.some((thread) => 'open' in thread) && broken-- > 0) throw new Error('SQLITE_BUSY');
      return commit(write);
    };
    await say('one');
    await clock.advance(60_000);
    expect(bridge.threads).toHaveLength(1);
    expect(bridge.shown()).toEqual(['card vis_one', 'one']);
  });

  it('is asked for again, where the platform could not tell at first', async () => {
    const { say, bridge, clock } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.findsPosts();
    bridge.fail('posted', refusal('unavailable'));
    bridge.failAfter('post', refusal('uncertain'));
    await say('two');
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'two']);
  });

  it('is looked for and taken away where it was deleted before anybody knew', async () => {
    const { say, bridge, clock, pp, actor, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.findsPosts();
    bridge.fail('posted', refusal('unavailable'));
    bridge.failAfter('post', refusal('uncertain'));
    const { id: messageId } = await say('two');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'two']);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'TWO' });
    await pp.conversation.remove(actor, { sessionId, messageId });
    await say('three');
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'three']);
  });

  it('is looked for and taken away where it is a part of a message that was made shorter before anybody knew', async () => {
    const { say, bridge, clock, pp, actor, sessionId } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    bridge.findsPosts();
    bridge.fail('posted', refusal('unavailable'));
    bridge.failAfter('post', refusal('uncertain'));
    const long = `${'word '.repeat(25)}end`;
    await pp.conversation.edit(actor, { sessionId, messageId, content: long });
    await clock.advance(0);
    expect(bridge.shown()).toHaveLength(3);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'short' });
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'short']);
  });

  it('is repeated once where it is an answer', async () => {
    const { say, bridge, clock } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('answer', refusal('uncertain'));
    await bridge.type('anybody?', { thread: 'elsewhere' });
    await clock.advance(60_000);
    expect(bridge.answers).toHaveLength(1);
  });
});

describe('a platform that loses every thread', () => {
  it('is not given one after the other', async () => {
    const bridge = new FakeBridge();
    const { say, clock } = await begin(bridge);
    bridge.post = () => new Promise((_, reject) => setImmediate(() => reject(refusal('thread_gone'))));
    await say('hello');
    for (let i = 0; i < 50; i++) await clock.advance(0);
    expect(bridge.threads.length).toBeLessThan(5);
  });
});

describe('limits and waits', () => {
  it('keep everybody from opening a thread that the platform lets nobody open yet', async () => {
    const { bridge, say, clock, pp } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('open', refusal('rate_limited', { retryAfterMs: 30_000 }));
    // a slow post of the first session is under way
    const post = bridge.post.bind(bridge);
    bridge.post = async (...a) => {
      await clock.sleep(500);
      return post(...a);
    };
    await say('slow');
    await clock.advance(0);
    const two = await visitor({ pp }, 'vis_two');
    await two.say('x');
    await clock.advance(100);
    const three = await visitor({ pp }, 'vis_three');
    await three.say('y');
    await clock.advance(10_000);
    expect(bridge.log.filter((c) => c === 'open')).toHaveLength(2);
  });

  it('are kept after a refusal, too', async () => {
    const pacing = { chat: { calls: 1, perMs: 1000 } };
    const { bridge, clock, pp } = await begin(new FakeBridge('fake', { pacing }));
    const guests = [];
    for (const n of [1, 2, 3, 4, 5]) guests.push(await visitor({ pp }, `vis_${n}`));
    for (const guest of guests) await guest.say('a');
    await clock.advance(60_000);
    const at: number[] = [];
    const post = bridge.post.bind(bridge);
    let first = true;
    bridge.post = (...a) => {
      at.push(clock.now());
      if (first) {
        first = false;
        return Promise.reject(refusal('rate_limited', { retryAfterMs: 20_000, scope: 'chat' }));
      }
      return post(...a);
    };
    for (const guest of guests) await guest.say('b');
    await clock.advance(60_000);
    const gaps = at.slice(1).map((t, i) => t - (at[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  it('let health say that nobody is heard, whatever is posted', async () => {
    const { bridge, say, clock, pp } = await begin();
    bridge.live.broken(refusal('misconfigured'));
    expect((await pp.health()).status).toBe('degraded');
    await say('hello');
    await clock.advance(0);
    expect((await pp.health()).status).toBe('degraded');
  });

  it('let everything go on after the clock was set back', async () => {
    const pacing = { chat: { calls: 5, perMs: 60_000 } };
    const { bridge, say, clock } = await begin(new FakeBridge('fake', { pacing }));
    for (const n of [1, 2, 3, 4]) await say(`${n}`);
    await clock.advance(0);
    clock.set(clock.now() - 3_600_000);
    await say('after');
    await clock.advance(3 * 60_000);
    expect(bridge.shown().at(-1)).toBe('after');
  });

  it('let a post go on without its reply where what it answers is gone', async () => {
    const { bridge, say, clock } = await begin();
    const { id } = await say('one');
    await clock.advance(0);
    const post = bridge.post.bind(bridge);
    bridge.post = (t, p, c) => (c.replyTo ? Promise.reject(refusal('message_gone')) : post(t, p, c));
    await say('reply', { replyTo: id });
    await clock.advance(10 * 60_000);
    expect(bridge.shown().at(-1)).toBe('reply');
  });

  it('show the last of several names that were told meanwhile', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('rename', refusal('unavailable'));
    await pp.identify(sessionId, { id: '1', name: 'A' });
    await pp.identify(sessionId, { id: '1', name: 'B' });
    await pp.identify(sessionId, { id: '1', name: 'C' });
    await clock.advance(60_000);
    expect(bridge.shown().slice(2)).toEqual(['identity C']);
  });
});

describe('a beginning that is interrupted', () => {
  it('lets a follower go that fails while it joins', async () => {
    const clock = virtualClock();
    const inner = new LocalBroker({ logger: recordingLogger() });
    const live = new Set<string>();
    const broker = {
      publish: inner.publish.bind(inner),
      subscribe: async (channel: string, receive: never) => {
        await clock.sleep(100);
        live.add(channel);
        const end = await inner.subscribe(channel, receive);
        return () => {
          live.delete(channel);
          end();
        };
      },
      close: inner.close.bind(inner),
    };
    const it2 = house({ clock, broker });
    const v = visitor(it2);
    await clock.advance(1000);
    const { actor, sessionId } = await v;
    const f = it2.pp.conversation.follow(
      actor,
      { sessionId, after: 0 },
      {
        entry: () => {
          throw new Error('x');
        },
        signal: () => {
          throw new Error('gone');
        },
        reset: () => {},
        end: () => {},
      },
    );
    await clock.advance(50);
    await it2.pp.sendMessage(sessionId, { content: 'x' });
    await clock.advance(1000);
    await f;
    expect([...live].filter((c) => c.startsWith('session/'))).toEqual([]);
  });

  it('shows a message as delivered that was made shorter while half of it was posted', async () => {
    const { bridge, say, clock, pp, actor, sessionId, storage } = await begin();
    await say('one');
    await clock.advance(0);
    let posts = 0;
    const post = bridge.post.bind(bridge);
    bridge.post = (...args) =>
      ++posts === 2 ? Promise.reject(refusal('rate_limited', { retryAfterMs: 5000 })) : post(...args);
    const { id: messageId, seq } = await say('x'.repeat(150));
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'short' });
    await clock.advance(60_000);
    expect(bridge.shown().at(-1)).toBe('short');
    expect((await storage.session(sessionId))?.operatorDeliveredSeq).toBe(seq);
  });

  it('prepares the storage once, however often it is tried', async () => {
    const storage = new MemoryStorage();
    let inits = 0;
    let fail = true;
    Object.assign(storage, { init: async () => void inits++ });
    const states = storage.states.bind(storage);
    storage.states = async (s) => {
      if (fail) throw new Error('down');
      return states(s);
    };
    const { pp } = house({ storage });
    await pp.getSessions().catch(() => {});
    fail = false;
    await pp.getSessions();
    expect(inits).toBe(1);
  });
});

describe('lanes', () => {
  it('show all of a longer edit, though the platform takes its end only later', async () => {
    const { bridge, say, clock, pp, sessionId, actor } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    bridge.fail('post', refusal('rate_limited', { retryAfterMs: 5000 }));
    await pp.conversation.edit(actor, { sessionId, messageId, content: `${'y'.repeat(100)}TAIL` });
    await clock.advance(10 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'y'.repeat(100), 'TAIL']);
  });

  it('leave lanes to others where the platform holds threads back that have news', async () => {
    const { bridge, clock, pp } = await begin();
    const guests = [];
    for (let n = 0; n < 8; n++) guests.push(await visitor({ pp }, `vis_${n}`));
    for (const g of guests) await g.say('a');
    await clock.advance(0);
    bridge.fail(
      'post',
      ...guests.map(() => refusal('rate_limited', { retryAfterMs: 300_000, scope: 'thread' })),
    );
    for (const g of guests) await g.say('b');
    await clock.advance(0);
    for (const g of guests) await g.say('c');
    await clock.advance(0);
    const other = await visitor({ pp }, 'vis_other');
    await other.say('me');
    await clock.advance(60_000);
    expect(bridge.posts.some(({ text }) => text === '<me>')).toBe(true);
  });

  it('show a dead letter that was edited', async () => {
    const { bridge, say, clock, pp, sessionId, actor } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('post', refusal('invalid'), refusal('invalid'));
    const { id: messageId } = await say('refused');
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'fine now' });
    await clock.advance(60_000);
    expect(bridge.shown().join('\n')).toContain('fine now');
  });

  it('change nothing that stands in a lost thread', async () => {
    const { bridge, say, clock, pp, sessionId, actor } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    bridge.fail('post', refusal('thread_gone'));
    await say('two');
    await clock.advance(0);
    bridge.fail('edit', refusal('message_gone'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: `${'y'.repeat(100)}TAIL` });
    await clock.advance(60_000);
    expect(bridge.shown('t2')).toEqual(['card vis_one', 'recap one', 'two']);
  });
});
