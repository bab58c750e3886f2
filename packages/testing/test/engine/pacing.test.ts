import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

describe('the pace', () => {
  it('of a chat is not held up by a thread that is refused', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 3, perMs: 60_000 } } });
    const { clock, pp, say } = await begin(bridge);
    const other = await visitor({ pp }, 'vis_two');
    await say('one');
    await other.say('two');
    await clock.advance(70_000);
    bridge.fail('post', refusal('rate_limited', { scope: 'thread', retryAfterMs: 300_000 }));
    await say('waits');
    await clock.advance(62_000);
    await other.say('does not wait');
    await clock.advance(1000);
    expect(bridge.shown('t2').at(-1)).toBe('does not wait');
    expect(bridge.shown('t1').at(-1)).toBe('one');
    await clock.advance(300_000);
    expect(bridge.shown('t1').at(-1)).toBe('waits');
  });

  it('counts the calls that open threads', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 4, perMs: 60_000 } } });
    const { clock, pp } = await begin(bridge);
    for (let n = 0; n < 6; n++) await (await visitor({ pp }, `vis_${n}`)).say('hello');
    await clock.advance(0);
    const calls = () => bridge.log.length - 1;
    expect(bridge.log[0]).toBe('start');
    expect(calls()).toBe(4);
    await clock.advance(59_000);
    expect(calls()).toBe(4);
    await clock.advance(3000);
    expect(calls()).toBe(8);
  });

  it('lets messages pass an edit that gives way, however much was deleted in between', async () => {
    const pacing = { chat: { calls: 80, perMs: 60_000 } };
    const bridge = new FakeBridge('fake', { editing: false, pacing });
    const { clock, pp, say, actor, sessionId } = await begin(bridge);
    const { id } = await say('one');
    await clock.advance(0);
    for (let n = 0; n < 20; n++) await (await visitor({ pp }, `vis_${n}`)).say('hello');
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'ONE' });
    for (let n = 0; n < 6; n++) {
      const gone = await say(`x${n}`);
      await clock.advance(0);
      await pp.conversation.remove(actor, { sessionId, messageId: gone.id });
    }
    await say('last');
    await clock.advance(20_000);
    expect(bridge.shown('t1').at(-1)).toBe('last');
    await clock.advance(120_000);
    expect(bridge.shown('t1').at(-1)).toBe('ONE');
  });

  it('makes an edit that a single message has passed', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 3, perMs: 60_000 } } });
    const { clock, pp, say, actor, sessionId } = await begin(bridge);
    const { id: messageId } = await say('one');
    await clock.advance(0);
    const gone = await say('gone');
    await clock.advance(0);
    await pp.conversation.remove(actor, { sessionId, messageId: gone.id });
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'ONE' });
    await say('last');
    await clock.advance(300_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'ONE', 'last']);
  });

  it('posts what a message says when its turn comes, and keeps to that', async () => {
    const pacing = { thread: { calls: 1, perMs: 1000 } };
    const bridge = new FakeBridge('fake', { pacing, length: 20 });
    const { clock, pp, say, actor, sessionId } = await begin(bridge);
    await say('zero');
    await clock.advance(500);
    const { id: messageId } = await say('the first of them');
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'the second of them' });
    await clock.advance(1000);
    const content = 'a text that takes up more than one post';
    await pp.conversation.edit(actor, { sessionId, messageId, content });
    await clock.advance(60_000);
    expect(bridge.shown().slice(2).join('')).toBe(content);
    expect(bridge.log).not.toContain('remove');
  });
});
