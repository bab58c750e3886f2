import { type Follower, PocketPingError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, visitor } from './house.js';

const onTwo = async () => {
  const other = new FakeBridge('other');
  const it = await begin(new FakeBridge());
  it.pp.addBridge(other);
  const question = await it.say('hello?');
  await it.clock.advance(1000);
  const block = async (name = 'block') => {
    await it.bridge.command(name);
    await it.clock.advance(1000);
  };
  return { ...it, other, question, block };
};

const ends: string[] = [];
const follower = (entries: string[] = []): Follower => ({
  entry: ({ event }) => void entries.push(event.type),
  signal: () => {},
  reset: (reason) => void ends.push(reason),
  end: (reason) => void ends.push(reason),
});

const codeOf = (calling: Promise<unknown>): Promise<unknown> =>
  calling.then(
    () => 'fine',
    (error: unknown) => (PocketPingError.isInstance(error) ? error.code : error),
  );

describe('a blocked visitor', () => {
  it('is refused whatever they do, until they are let in again', async () => {
    const { pp, actor, token, sessionId, say, question, block, storage } = await onTwo();
    const attempts = (): (() => Promise<unknown>)[] => {
      const { conversation } = pp;
      const messageId = question.id;
      const signal = new AbortController().signal;
      return [
        () => say('me again'),
        () => conversation.connect({ visitorId: 'vis_one', sessionId }, { token }),
        () =>
          conversation.connect({ visitorId: 'vis_one', metadata: { url: 'https://x.example/' } }, { token }),
        () => conversation.edit(actor, { sessionId, messageId, content: 'HELLO' }),
        () => conversation.edit(actor, { sessionId, messageId, content: question.content }),
        () => conversation.read(actor, { sessionId, messageIds: [messageId], status: 'read' }),
        () => conversation.type(actor, { sessionId, isTyping: true }),
        () => conversation.identify(actor, { sessionId, identity: { name: 'Eve' } }),
        () => conversation.messages(actor, { sessionId, limit: 10 }),
        () => conversation.events(actor, { sessionId, after: 0, limit: 10, wait: 0 }, signal),
        () => conversation.follow(actor, { sessionId, after: 0 }, follower()),
        () => conversation.remove(actor, { sessionId, messageId }),
        () => conversation.leave(actor, sessionId),
      ];
    };
    await block();
    const before = await storage.session(sessionId);
    expect(new Set(await Promise.all(attempts().map((attempt) => codeOf(attempt()))))).toEqual(
      new Set(['blocked']),
    );
    expect(await storage.session(sessionId)).toEqual(before);
    await block('unblock');
    expect(
      new Set(
        await Promise.all(
          attempts()
            .slice(0, -2)
            .map((attempt) => codeOf(attempt())),
        ),
      ),
    ).toEqual(new Set(['fine']));
  });

  it('is refused with a secret as well, and after the end of a conversation', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house({ bridge });
    await pp.start();
    const connect = () => pp.conversation.connect({ visitorId: 'vis_s', secret: 'x'.repeat(43) }, {});
    const { session, token } = await connect();
    const actor = await pp.conversation.authenticate(token ?? '');
    await pp.conversation.send(actor, { sessionId: session.id, content: 'hi' });
    await pp.conversation.leave(actor, session.id);
    await clock.advance(1000);
    await bridge.command('block');
    expect(await codeOf(connect())).toBe('blocked');
    expect(await codeOf(pp.conversation.connect({ visitorId: 'vis_s' }, { token: token ?? '' }))).toBe(
      'blocked',
    );
    await bridge.command('unblock');
    expect((await connect()).session.id).not.toBe(session.id);
  });

  it('finds their windows closed, on every node, and hears nothing that is said from then on', async () => {
    const { pp, actor, sessionId, block, bridge, clock } = await onTwo();
    ends.length = 0;
    const heard: string[] = [];
    await pp.conversation.follow(actor, { sessionId, after: 0 }, follower(heard));
    const polling = pp.conversation.events(
      actor,
      { sessionId, after: 4, limit: 10, wait: 20 },
      new AbortController().signal,
    );
    const before = [...heard];
    await block();
    await bridge.type('nobody hears this');
    await clock.advance(1000);
    expect(ends).toEqual(['blocked']);
    expect(heard).toEqual(before);
    expect((await polling).entries).toEqual([]);
    expect(bridge.answers.at(-1)?.text).toBe('Not delivered: this visitor is blocked.');
  });

  it('who was let in again resumes from before the block, and is not sent away by it', async () => {
    const { pp, actor, sessionId, block, bridge, clock } = await onTwo();
    await block();
    await block('unblock');
    await bridge.type('welcome back');
    await clock.advance(1000);
    ends.length = 0;
    const heard: string[] = [];
    await pp.conversation.follow(actor, { sessionId, after: 0 }, follower(heard));
    expect(ends).toEqual([]);
    expect(heard.at(-1)).toBe('message');
    await bridge.type('and on');
    expect(heard.filter((type) => type === 'message')).toHaveLength(3);
  });

  it('is blocked by name for every bridge to see, and the operator is answered', async () => {
    const { bridge, other, block, clock } = await onTwo();
    await block();
    expect(bridge.answers.at(-1)?.text).toMatch(/^Blocked: .*\/unblock lets them in again\.$/);
    expect(other.shown().at(-1)).toBe(
      'notice Ada blocked this visitor: nothing they write arrives any more. /unblock lets them in again.',
    );
    await block();
    expect(bridge.answers.at(-1)?.text).toBe('This visitor is blocked already.');
    await bridge.command('status');
    await clock.advance(1000);
    expect(bridge.answers.at(-1)?.text).toMatch(/\nThis visitor is blocked\.$/);
    await other.command('unblock', { by: 'Bob' });
    await clock.advance(1000);
    expect(bridge.shown().at(-1)).toBe('notice Bob unblocked this visitor: they can write again.');
    await block('unblock');
    expect(bridge.answers.at(-1)?.text).toBe('This visitor is not blocked.');
    await bridge.command('status');
    await clock.advance(1000);
    expect(bridge.answers.at(-1)?.text).not.toContain('blocked');
  });

  it('is found in their present conversation when they are blocked in one that has ended', async () => {
    const it = await onTwo();
    const { pp, actor, token, sessionId, bridge, other, clock } = it;
    await pp.conversation.leave(actor, sessionId);
    const next = await pp.conversation.connect({ visitorId: 'vis_one' }, { token });
    await pp.conversation.send(actor, { sessionId: next.session.id, content: 'me again' });
    await clock.advance(1000);
    ends.length = 0;
    await pp.conversation.follow(actor, { sessionId: next.session.id, after: 0 }, follower());
    await bridge.command('block', { thread: bridge.threads[0]?.id ?? '' });
    await clock.advance(1000);
    expect(ends).toEqual(['blocked']);
    for (const each of [bridge, other])
      expect(each.shown(each.threads[1]?.id).at(-1)).toMatch(/^notice Ada blocked/);
    expect(await codeOf(pp.conversation.connect({ visitorId: 'vis_one' }, { token }))).toBe('blocked');
  });

  it('is nobody else', async () => {
    const it = await onTwo();
    const second = await visitor(it, 'vis_two');
    await it.block();
    await second.say('hello');
    await it.clock.advance(1000);
    expect(it.bridge.shown(it.bridge.threads[1]?.id)).toEqual(['card vis_two', 'hello']);
  });
});
