import { PocketPing } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A platform that answers when it is asked whether it lets us in. */
const accessible = (bridge = new FakeBridge()) => {
  bridge.access = { check: async () => {} };
  return bridge;
};

/** A platform that never confirms some posts, though it shows them. */
const unconfirming = (which: (text: string) => boolean, bridge = accessible()) => {
  const post = bridge.post.bind(bridge);
  let heals = false;
  bridge.post = async (thread, part, call) => {
    const posted = await post(thread, part, call);
    if (!heals && which(part.plain)) throw refusal('uncertain');
    return posted;
  };
  const count = (text: string) => bridge.posts.filter((one) => one.text === `<${text}>`).length;
  return { bridge, count, heal: () => (heals = true) };
};

const always = (code: 'uncertain' | 'thread_gone') => Array.from({ length: 2000 }, () => refusal(code));
const calls = ({ log }: FakeBridge, kind: string) => log.filter((one) => one === kind).length;

describe('what nothing can go on without, and is never confirmed', () => {
  it('opens few threads within an hour, and goes on when it is confirmed', async () => {
    const bridge = accessible();
    const open = bridge.open.bind(bridge);
    let heals = false;
    bridge.open = async (card) => {
      const ref = await open(card);
      if (!heals) throw refusal('uncertain');
      return ref;
    };
    const { say, clock, pp } = await begin(bridge);
    await say('one');
    await clock.advance(30 * SECOND);
    expect(bridge.threads.length).toBeLessThanOrEqual(5);
    await clock.advance(HOUR);
    expect(bridge.threads.length).toBeGreaterThanOrEqual(8);
    expect(bridge.threads.length).toBeLessThanOrEqual(13);
    heals = true;
    await clock.advance(HOUR + MINUTE);
    expect(bridge.shown()).toEqual(['card vis_one', 'one']);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });

  it('posts few cards within an hour, however much the visitor writes, and goes on when one is confirmed', async () => {
    const { bridge, count, heal } = unconfirming((text) => text.startsWith('card'));
    const { say, clock, storage, sessionId } = await begin(bridge);
    for (let i = 0; i < 360; i++) {
      if (i % 6 === 0) await say(`message ${i}`);
      await clock.advance(10 * SECOND);
    }
    expect(bridge.threads).toHaveLength(1);
    expect(count('card vis_one')).toBeGreaterThanOrEqual(9);
    expect(count('card vis_one')).toBeLessThanOrEqual(14);
    heal();
    await clock.advance(HOUR + MINUTE);
    expect(bridge.shown().at(-1)).toContain('message 354');
    expect(await storage.state('doubts/fake', sessionId)).toBeNull();
  });

  it('is tried about once an hour, and not less often, however long it goes on', async () => {
    const { bridge, count, heal } = unconfirming((text) => text.startsWith('card'));
    const { say, clock } = await begin(bridge);
    await say('one');
    await clock.advance(24 * HOUR);
    const before = count('card vis_one');
    await clock.advance(24 * HOUR);
    expect(count('card vis_one') - before).toBeGreaterThanOrEqual(23);
    expect(count('card vis_one') - before).toBeLessThanOrEqual(49);
    heal();
    await clock.advance(HOUR + MINUTE);
    expect(bridge.shown().at(-1)).toBe('one');
  });

  it('is not hurried by another process', async () => {
    const { bridge, count } = unconfirming((text) => text.startsWith('card'));
    const { say, clock, pp, storage, logger } = await begin(bridge);
    await say('one');
    await clock.advance(30 * MINUTE);
    const before = count('card vis_one');
    const stopped = pp.stop();
    await clock.advance(0);
    await stopped;
    for (let restarts = 0; restarts < 5; restarts++) {
      const next = new PocketPing({ clock, logger, storage, bridge });
      await next.start();
      await clock.advance(MINUTE);
      const end = next.stop();
      await clock.advance(0);
      await end;
    }
    expect(count('card vis_one')).toBeLessThanOrEqual(before + 1);
  });

  it('is no reason to open many threads that take no post', async () => {
    const bridge = accessible();
    bridge.fail('post', ...always('thread_gone'));
    const { say, clock } = await begin(bridge);
    for (let i = 0; i < 60; i++) {
      await say(`message ${i}`);
      await clock.advance(MINUTE);
    }
    expect(bridge.threads.length).toBeGreaterThanOrEqual(8);
    expect(bridge.threads.length).toBeLessThanOrEqual(13);
  });

  it('is no reason to open many threads that take a card and nothing else', async () => {
    const bridge = accessible();
    const post = bridge.post.bind(bridge);
    bridge.post = async (thread, part, call) => {
      if (part.plain.startsWith('message')) throw refusal('thread_gone');
      return post(thread, part, call);
    };
    const { say, clock } = await begin(bridge);
    for (let i = 0; i < 60; i++) {
      await say(`message ${i}`);
      await clock.advance(MINUTE);
    }
    expect(bridge.threads.length).toBeGreaterThanOrEqual(8);
    expect(bridge.threads.length).toBeLessThanOrEqual(13);
  });

  it('has the platform asked about once a minute whether it lets us in, and not every second', async () => {
    const bridge = new FakeBridge();
    let asked = 0;
    bridge.access = { check: async () => void asked++ };
    const { say, clock } = await begin(bridge);
    await say('hello');
    await clock.advance(5 * SECOND);
    bridge.failAfter('post', ...always('uncertain'));
    await say('again');
    await clock.advance(HOUR);
    expect(asked).toBeGreaterThan(50);
    expect(asked).toBeLessThan(100);
  });

  it('leaves a healthy conversation beside it its pace and its budget', async () => {
    const bridge = accessible(new FakeBridge('fake', { pacing: { chat: { calls: 30, perMs: MINUTE } } }));
    const { count } = unconfirming((text) => text === 'card vis_bad', bridge);
    const started = await begin(bridge);
    const bad = await visitor(started, 'vis_bad');
    await started.say('hello');
    await started.clock.advance(5 * SECOND);
    await bad.say('help');
    await started.clock.advance(10 * MINUTE);
    const before = count('card vis_bad');
    expect(before).toBeLessThanOrEqual(12);
    for (let i = 0; i < 100; i++) {
      await started.say(`message ${i}`);
      await started.clock.advance(3 * SECOND);
      expect(bridge.shown('t1').at(-1)).toBe(`message ${i}`);
    }
    expect(count('card vis_bad')).toBeLessThanOrEqual(before + 2);
  });
});

describe('what can be done without, and is never confirmed', () => {
  it('an edit is made four times; then the team is told, and what follows goes on', async () => {
    const bridge = accessible();
    const { say, pp, actor, sessionId, clock } = await begin(bridge);
    const { id: messageId } = await say('before');
    await clock.advance(0);
    bridge.failAfter('edit', ...always('uncertain'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'new' });
    await say('after');
    await clock.advance(50 * SECOND);
    expect(calls(bridge, 'edit')).toBe(3);
    await clock.advance(HOUR);
    expect(calls(bridge, 'edit')).toBe(4);
    expect(bridge.shown().slice(2).join('')).toBe(
      'notice The visitor changed a message, and the new text may not be shown here: It was sent 4 times and never confirmed: it is uncertain.after',
    );
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });

  it('an edit whose notice is not confirmed either holds nothing up', async () => {
    const { bridge } = unconfirming((text) => text.startsWith('notice'));
    const { say, pp, actor, sessionId, clock } = await begin(bridge);
    const { id: messageId } = await say('before');
    await clock.advance(0);
    bridge.failAfter('edit', ...always('uncertain'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'new' });
    await say('after');
    await clock.advance(HOUR);
    expect(calls(bridge, 'edit')).toBe(4);
    expect(bridge.shown().filter((text) => text.startsWith('notice'))).toHaveLength(1);
    expect(bridge.shown().at(-1)).toBe('after');
  });

  it('an edit of a post that several messages share is given up too, and the post stays', async () => {
    const bridge = accessible();
    const { say, pp, actor, sessionId, clock } = await begin(bridge);
    await say('before');
    await clock.advance(0);
    bridge.fail('post', ...Array.from({ length: 5 }, () => refusal('unavailable')));
    const { id: messageId } = await say('one');
    await say('two');
    await clock.advance(5 * MINUTE);
    expect(bridge.shown().at(-1)).toBe('one + two');
    bridge.failAfter('edit', ...always('uncertain'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'new' });
    await say('after');
    await clock.advance(HOUR);
    expect(calls(bridge, 'edit')).toBe(4);
    expect(bridge.shown().slice(2)).toEqual(['new + two', 'after']);
  });

  it('a new name is shown four times in the title and four times in the thread, and what follows goes on', async () => {
    const { bridge, count } = unconfirming((text) => text.startsWith('identity'));
    const { say, pp, actor, sessionId, clock, logger } = await begin(bridge);
    await say('before');
    await clock.advance(0);
    bridge.failAfter('rename', ...always('uncertain'));
    await pp.conversation.identify(actor, { sessionId, identity: { id: 'u1', name: 'Eve' } });
    await say('after');
    await clock.advance(HOUR);
    expect(calls(bridge, 'rename')).toBe(4);
    expect(count('identity Eve')).toBe(4);
    expect(bridge.shown().at(-1)).toBe('after');
    expect(logger.lines.map(({ message }) => message)).toContain(
      'the platform refuses a note, or never confirms it; going on without it',
    );
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });

  it('a removal is not given up, and slows down', async () => {
    const bridge = accessible();
    const { say, pp, actor, sessionId, clock } = await begin(bridge);
    const { id: messageId } = await say('secret');
    await clock.advance(0);
    bridge.fail('remove', ...Array.from({ length: 12 }, () => refusal('uncertain')));
    await pp.conversation.remove(actor, { sessionId, messageId });
    await clock.advance(HOUR);
    expect(calls(bridge, 'remove')).toBeGreaterThanOrEqual(9);
    expect(calls(bridge, 'remove')).toBeLessThanOrEqual(14);
    await clock.advance(3 * HOUR);
    expect(calls(bridge, 'remove')).toBe(13);
    expect(bridge.shown()).toEqual(['card vis_one']);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });
});
