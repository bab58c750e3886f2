import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal } from './house.js';

/** A conversation that the team has closed, where whatever is written in a closed thread opens it. */
const closed = async () => {
  const bridge = new FakeBridge('fake', { postsReopen: true });
  const its = await begin(bridge);
  await its.say('hello?');
  await its.clock.advance(1000);
  await bridge.type('Solved!');
  await bridge.command('close');
  await its.clock.advance(1000);
  const isClosed = () => bridge.threads[0]?.closed;
  expect(isClosed()).toBe(true);
  return { ...its, bridge, isClosed };
};

describe('a thread of a closed conversation, on a platform where a post opens it,', () => {
  it.each(['status', 'who', 'help', 'close', 'read', 'nonsense'])(
    'is closed again after %s',
    async (name) => {
      const { bridge, clock, isClosed } = await closed();
      await bridge.command(name);
      expect(isClosed()).toBe(false);
      await clock.advance(5000);
      expect(isClosed()).toBe(true);
    },
  );

  it('is closed again after a note', async () => {
    const { bridge, clock, isClosed, pp, sessionId } = await closed();
    await bridge.command('note', { args: 'was rude' });
    await clock.advance(5000);
    expect(isClosed()).toBe(true);
    expect((await pp.getSession(sessionId))?.status).toBe('closed');
  });

  it('is closed again after a card that was late', async () => {
    const { bridge, clock, isClosed } = await closed();
    bridge.fail('post', refusal('unavailable'));
    await bridge.command('who');
    await clock.advance(120_000);
    expect(isClosed()).toBe(true);
  });

  it('stays open once the visitor writes again, or the team does', async () => {
    const { bridge, clock, isClosed, say } = await closed();
    await bridge.command('status');
    await say('one more thing');
    await clock.advance(5000);
    expect(isClosed()).toBe(false);
    await bridge.command('close');
    await clock.advance(5000);
    expect(isClosed()).toBe(true);
    await bridge.type('Ah, by the way');
    await clock.advance(5000);
    expect(isClosed()).toBe(false);
  });
});

it('is closed once, where posts do not open it', async () => {
  const its = await begin();
  await its.say('hello?');
  await its.clock.advance(1000);
  await its.bridge.command('close');
  await its.clock.advance(1000);
  await its.bridge.command('status');
  await its.clock.advance(5000);
  expect(its.bridge.log.filter((call) => call === 'close')).toHaveLength(1);
});
