import { MemoryStorage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, visitor } from './house.js';

describe('a chat without threads', () => {
  const twoVisitors = async () => {
    const started = await begin(new FakeBridge('fake', { threadless: true }));
    const other = await visitor(started, 'vis_two');
    await started.say('from one');
    await started.clock.advance(0);
    await other.say('from two');
    await started.clock.advance(0);
    const postOf = (text: string) => started.bridge.posts.find((post) => post.text === `<${text}>`)!.id;
    const heard = async (sessionId: string) =>
      (await started.pp.getMessages(sessionId)).filter(({ sender }) => sender === 'operator');
    return { ...started, other, postOf, heard };
  };

  it('has a reply say whom it is for', async () => {
    const { bridge, postOf, heard, sessionId, other } = await twoVisitors();
    await bridge.type('to one', { thread: null, replyTo: postOf('from one') });
    expect(await heard(sessionId)).toMatchObject([{ content: 'to one' }]);
    expect(await heard(other.sessionId)).toEqual([]);
  });

  it('follows replies to what the team itself said', async () => {
    const { bridge, postOf, heard, sessionId } = await twoVisitors();
    const mine = await bridge.type('wait', { thread: null, replyTo: postOf('from one') });
    await bridge.type('and this', { thread: null, replyTo: mine });
    expect((await heard(sessionId)).map(({ content }) => content)).toEqual(['wait', 'and this']);
  });

  it('tells whoever replies to nothing that it is not clear whom they mean', async () => {
    const { bridge, clock, heard, sessionId } = await twoVisitors();
    await bridge.type('hello?', { thread: null });
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).toMatch(/Reply to a message of the visitor you mean/);
    expect(await heard(sessionId)).toEqual([]);
  });

  it('passes over what may be the team’s own talk and belongs to no conversation', async () => {
    const { bridge, clock, sessionId, heard, postOf } = await twoVisitors();
    const aside = (replyTo: string) =>
      bridge.live.receive({
        kind: 'message',
        aside: true,
        operator: { id: 'ada', name: 'Ada' },
        ref: { chatId: 'chat', platformId: `aside-${replyTo}` },
        replyTo: { chatId: 'chat', platformId: replyTo },
        at: clock.now(),
        content: 'lunch?',
        version: 1,
      });
    await aside('somebody’s');
    await clock.advance(0);
    expect(bridge.answers).toEqual([]);
    expect(await heard(sessionId)).toEqual([]);
    await aside(postOf('from one'));
    expect(await heard(sessionId)).toMatchObject([{ content: 'lunch?' }]);
  });

  it('says in its help how to answer', async () => {
    const { bridge, clock } = await twoVisitors();
    await bridge.command('help', { thread: null });
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).toMatch(/^Reply to a message of a visitor to answer it/);
  });

  it('offers no command that needs a thread', async () => {
    const { bridge, clock, postOf } = await twoVisitors();
    expect(bridge.live.commands.map(({ name }) => name)).not.toContain('close');
    await bridge.command('close', { thread: null, replyTo: postOf('from one') });
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).toMatch(/^There is no command \/close/);
    await bridge.command('status', { thread: null, replyTo: postOf('from one') });
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).not.toMatch(/inside a conversation/);
  });
});

describe('several chats of one account', () => {
  const chats = () => {
    const first = new FakeBridge('first');
    const second = new FakeBridge('second');
    for (const bridge of [first, second]) bridge.connection = 'account';
    first.siblings = [second];
    return { first, second };
  };

  it('come along with their first, and each shows every conversation', async () => {
    const { first, second } = chats();
    const { say, clock, pp } = await begin(first);
    await say('hello');
    await clock.advance(0);
    expect(second.shown()).toEqual(['card vis_one', 'hello']);
    await second.type('hi');
    await clock.advance(0);
    expect(first.shown()).toEqual(['card vis_one', 'hello', 'Ada: hi']);
    expect((await pp.health()).bridges.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('run on the same node, until the last of them has stopped', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const one = chats();
    const two = chats();
    const here = house({ clock, storage, bridge: one.first });
    const there = house({ clock, storage, bridge: two.first });
    await Promise.all([here.pp.start(), there.pp.start()]);
    const states = async (pp: typeof here.pp) => (await pp.health()).bridges.map(({ state }) => state);
    expect(await states(here.pp)).toEqual(['up', 'up']);
    expect(await states(there.pp)).toEqual(['standby', 'standby']);

    let finish = () => {};
    one.second.stop = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const stopped = here.pp.stop();
    await clock.advance(10_000);
    expect(await states(there.pp)).toEqual(['standby', 'standby']);
    finish();
    await clock.advance(10_000);
    await stopped;
    expect(await states(there.pp)).toEqual(['up', 'up']);
  });
});

describe('a bridge that is called by its platform', () => {
  it('takes calls on a node that has not started it', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const called = () => {
      const bridge = new FakeBridge();
      bridge.webhook = {
        receiver: (host) => async () => {
          bridge.host = host;
          await bridge.type('hi', { id: 'in1' });
          return { status: 200 };
        },
      };
      return bridge;
    };
    const here = await begin(called(), { clock, storage });
    await here.say('hello');
    await clock.advance(0);
    const standby = called();
    const there = house({ clock, storage, bridge: standby });
    await there.pp.start();
    standby.threads.push(...here.bridge.threads);
    expect(await there.pp.webhook('fake', { headers: {}, body: '{}' })).toEqual({ status: 200 });
    expect(await here.pp.webhook('fake', { headers: {}, body: '{}' })).toEqual({ status: 200 });
    const replies = (await here.pp.getMessages(here.sessionId)).filter(({ sender }) => sender === 'operator');
    expect(replies).toMatchObject([{ content: 'hi' }]);
  });
});
