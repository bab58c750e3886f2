import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

const MINUTE = 60_000;

/** A platform that shows some posts without ever confirming them. */
const unconfirmed = async (which: (text: string) => boolean, bridge = new FakeBridge()) => {
  const started = await begin(bridge);
  const { say, clock } = started;
  await say('before');
  await clock.advance(0);
  const post = bridge.post.bind(bridge);
  let heals = false;
  bridge.post = async (thread, part, call) => {
    const posted = await post(thread, part, call);
    if (!heals && which(part.plain)) throw refusal('uncertain');
    return posted;
  };
  const shown = (text: string) => bridge.shown('t1').filter((one) => one === text).length;
  return { ...started, shown, heal: () => (heals = true) };
};

describe('a post that takes effect and is never confirmed', () => {
  it('is repeated three times, the last time after a minute; then the team is told, and what follows goes on', async () => {
    const { bridge, say, clock, pp, shown } = await unconfirmed((text) => text === 'cursed');
    const { id: messageId } = await say('cursed');
    await say('after');
    await clock.advance(50_000);
    expect(shown('cursed')).toBe(3);
    expect(await pp.listDeadLetters()).toEqual([]);
    await clock.advance(60 * MINUTE);
    expect(shown('cursed')).toBe(4);
    expect(bridge.shown().slice(6).join('')).toBe(
      `notice A message of the visitor may stand above or be missing here. It was sent 4 times and never confirmed: it is uncertain. It is kept as ${messageId}.after`,
    );
    expect(await pp.listDeadLetters()).toMatchObject([{ bridge: 'fake', messageId }]);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ state: 'up', backlog: 0 }] });
  });

  it('can be tried again', async () => {
    const { say, clock, pp, shown, heal, storage, sessionId } = await unconfirmed(
      (text) => text === 'cursed',
    );
    const { id: messageId } = await say('cursed');
    await clock.advance(3 * MINUTE);
    expect(await storage.state('doubts/fake', sessionId)).toBeNull();
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(10 * MINUTE);
    expect(shown('cursed')).toBe(8);
    expect(await pp.listDeadLetters()).toHaveLength(1);
    heal();
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(MINUTE);
    expect(shown('cursed')).toBe(9);
    expect(await pp.listDeadLetters()).toEqual([]);
  });

  it('takes those that it was posted with no further than its last attempt', async () => {
    const { bridge, say, clock, pp } = await unconfirmed((text) => text.includes('cursed'));
    bridge.fail('post', ...Array.from({ length: 5 }, () => refusal('unavailable')));
    const { id: messageId } = await say('cursed');
    await say('two');
    await say('three');
    await clock.advance(10 * MINUTE);
    expect(bridge.shown().at(-1)).toBe('two + three');
    expect(bridge.shown().at(-3)).toMatch(/^notice|cursed$/);
    expect(await pp.listDeadLetters()).toMatchObject([{ messageId }]);
  });

  it('is no dead letter where not even the notice is confirmed: then it is the platform that does not answer', async () => {
    const { bridge, say, clock, pp, heal } = await unconfirmed(() => true);
    await say('one');
    await say('two');
    await clock.advance(60 * MINUTE);
    expect(await pp.listDeadLetters()).toEqual([]);
    heal();
    await clock.advance(61 * MINUTE);
    expect(await pp.listDeadLetters()).toEqual([]);
    expect(bridge.shown().slice(-2)).toEqual(['one', 'two']);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });

  it('is not repeated while the platform can be asked and does not answer', async () => {
    const bridge = new FakeBridge();
    let asked = 0;
    let isBack = false;
    bridge.access = {
      check: async () => {
        asked++;
        if (!isBack) throw refusal('unavailable');
      },
    };
    const { say, clock, heal, shown, pp } = await unconfirmed(() => true, bridge);
    await say('one');
    await clock.advance(60 * MINUTE);
    expect(shown('one')).toBe(2);
    expect(asked).toBeGreaterThan(50);
    expect(await pp.health()).toMatchObject({ bridges: [{ state: 'paused', reason: 'unavailable' }] });
    isBack = true;
    heal();
    await clock.advance(2 * MINUTE);
    expect(shown('one')).toBe(3);
    expect(await pp.listDeadLetters()).toEqual([]);
  });
});

describe('a platform that answers every post with an error, though some took effect, and no question either', () => {
  it.each([10, 60])('has it all within a minute or so after an outage of %i minutes', async (minutes) => {
    const bridge = new FakeBridge();
    let isOut = false;
    bridge.access = { check: async () => (isOut ? Promise.reject(refusal('unavailable')) : undefined) };
    const { say, clock, pp } = await begin(bridge);
    const others = await Promise.all(['vis_two', 'vis_three'].map((id) => visitor({ pp }, id)));
    const all = [say, ...others.map(({ say }) => say)];
    for (const say of all) await say('before');
    await clock.advance(MINUTE);
    const post = bridge.post.bind(bridge);
    let posts = 0;
    bridge.post = (thread, part, call) => {
      if (!isOut) return post(thread, part, call);
      posts++;
      return Promise.reject(refusal('uncertain'));
    };
    isOut = true;
    for (const say of all) await say('during');
    await clock.advance(minutes * MINUTE);
    expect(posts).toBeLessThanOrEqual(6);
    isOut = false;
    await clock.advance(70_000);
    const last = bridge.threads.map(({ id }) => bridge.shown(id).at(-1));
    expect(last).toEqual(['during', 'during', 'during']);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ state: 'up', backlog: 0 }] });
  });
});

describe('a message that is given up', () => {
  it('stays so once the team was told in part, though the platform would take it now', async () => {
    const bridge = new FakeBridge('fake', { length: 60 });
    const { say, clock, pp } = await begin(bridge);
    const post = bridge.post.bind(bridge);
    let notices = 0;
    bridge.post = async (thread, part, call) => {
      if (part.plain === 'cursed' && notices === 0) throw refusal('invalid');
      if (notices > 0 || part.plain.startsWith('notice')) notices++;
      if (notices === 2) throw new Error('broken');
      return post(thread, part, call);
    };
    const { id: messageId } = await say('cursed');
    await say('after');
    await clock.advance(10 * MINUTE);
    expect(bridge.shown().slice(1).join('')).toBe(
      `notice A message of the visitor could not be shown here: it is invalid It is kept as ${messageId}.after`,
    );
    expect(await pp.listDeadLetters()).toMatchObject([{ messageId }]);
  });
});

describe('a bridge that was shut out', () => {
  it('is up again once the platform lets it in, though nobody has anything to say', async () => {
    const bridge = new FakeBridge();
    let isShutOut = false;
    bridge.access = { check: async () => (isShutOut ? Promise.reject(refusal('unauthorized')) : undefined) };
    const { pp, clock, say, actor, sessionId } = await begin(bridge);
    await say('one');
    await clock.advance(0);
    isShutOut = true;
    bridge.fail('post', refusal('unauthorized'));
    const { id: messageId } = await say('two');
    await clock.advance(0);
    await pp.conversation.remove(actor, { sessionId, messageId });
    await clock.advance(10 * MINUTE);
    expect(await pp.health()).toMatchObject({ bridges: [{ state: 'paused', reason: 'unauthorized' }] });
    isShutOut = false;
    const posts = bridge.log.length;
    await clock.advance(2 * MINUTE);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ state: 'up', backlog: 0 }] });
    expect(bridge.log.slice(posts)).toEqual([]);
    expect((await visitor({ pp }, 'vis_two')).sessionId).not.toBe(sessionId);
  });
});
