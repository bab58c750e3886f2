import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

describe('a session reaches the bridge', () => {
  it('with the visitor’s first message, card first', async () => {
    const { bridge, clock, say, pp, sessionId } = await begin();
    await pp.sendMessage(sessionId, { content: 'Welcome!', name: 'Bo' });
    await clock.advance(5000);
    expect(bridge.threads).toEqual([]);
    await say('one');
    await say('two');
    await clock.advance(0);
    expect(bridge.threads).toHaveLength(1);
    expect(bridge.shown()).toEqual(['card vis_one', 'Bo: Welcome!', 'one', 'two']);
  });

  it('and tells the visitor when it is there', async () => {
    const { say, clock, storage, sessionId } = await begin();
    const { seq } = await say('one');
    expect((await storage.session(sessionId))?.operatorDeliveredSeq).toBe(0);
    await clock.advance(0);
    expect((await storage.session(sessionId))?.operatorDeliveredSeq).toBe(seq);
  });

  it('in parts that are all there, once', async () => {
    const { bridge, say, clock } = await begin();
    await say('x'.repeat(250));
    await clock.advance(0);
    expect(bridge.shown().slice(1)).toEqual(['x'.repeat(100), 'x'.repeat(100), 'x'.repeat(50)]);
  });
});

describe('edits and deletes', () => {
  it('change and remove what was posted', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    const { id: messageId } = await say('x'.repeat(150));
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'short' });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'short']);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'y'.repeat(150) });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'y'.repeat(100), 'y'.repeat(50)]);
    await pp.conversation.remove(actor, { sessionId, messageId });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one']);
  });

  it('are folded into what is not posted yet', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    bridge.fail('open', refusal('unavailable'));
    const first = await say('frist');
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId: first.id, content: 'first' });
    const second = await say('never mind');
    await pp.conversation.remove(actor, { sessionId, messageId: second.id });
    await clock.advance(10_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'first']);
    expect(bridge.log.filter((call) => call === 'edit' || call === 'remove')).toEqual([]);
  });

  it('are posted anew where the platform cannot edit', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin(
      new FakeBridge('fake', { editing: false }),
    );
    const { id: messageId } = await say('frist');
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'first' });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'frist', 'first']);
  });
});

describe('when the platform refuses', () => {
  it('rate_limited: waits as long as it says', async () => {
    const { bridge, say, clock } = await begin();
    bridge.fail('post', refusal('rate_limited', { retryAfterMs: 30_000 }));
    await say('patience');
    await clock.advance(29_000);
    expect(bridge.shown()).toEqual([]);
    await clock.advance(2000);
    expect(bridge.shown()).toEqual(['card vis_one', 'patience']);
  });

  it('rate_limited in one thread: the others go on', async () => {
    const { bridge, say, clock, pp } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('post', refusal('rate_limited', { retryAfterMs: 30_000, scope: 'thread' }));
    await say('waits');
    await clock.advance(0);
    const other = await visitor({ pp }, 'vis_two');
    await other.say('goes on');
    await clock.advance(1000);
    expect(bridge.shown('t2')).toEqual(['card vis_two', 'goes on']);
    expect(bridge.shown('t1')).toEqual(['card vis_one', 'one']);
    await clock.advance(30_000);
    expect(bridge.shown('t1')).toEqual(['card vis_one', 'one', 'waits']);
  });

  it('rate_limited for one more thread: that conversation waits, the log says why, and the others go on', async () => {
    const { bridge, say, clock, pp, logger } = await begin();
    await say('one');
    await clock.advance(0);
    const full = refusal('rate_limited', { retryAfterMs: 60_000, scope: 'thread' });
    bridge.fail('open', full, full);
    const other = await visitor({ pp }, 'vis_two');
    await other.say('me too');
    await clock.advance(1000);
    await say('two');
    await clock.advance(1000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'two']);
    expect(await pp.health()).toMatchObject({ status: 'ok' });
    expect(logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: expect.stringContaining('has to wait for its thread: it is rate_limited') },
    ]);
    await clock.advance(121_000);
    expect(bridge.shown('t2')).toEqual(['card vis_two', 'me too']);
  });

  it('uncertain: asks the platform, where it can tell', async () => {
    const { bridge, say, clock } = await begin();
    bridge.findsPosts();
    await say('one');
    await clock.advance(0);
    bridge.failAfter('post', refusal('uncertain'));
    await say('took effect');
    await clock.advance(0);
    bridge.fail('post', refusal('uncertain'));
    await say('did not');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'took effect', 'did not']);
  });

  it('uncertain: repeats that one call, where it cannot tell', async () => {
    const { bridge, say, clock } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.failAfter('post', refusal('uncertain'));
    await say('twice');
    await say('then');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'twice', 'twice', 'then']);
    bridge.fail('post', refusal('uncertain'), refusal('uncertain'), refusal('uncertain'));
    await say('still comes');
    await clock.advance(62_000);
    expect(bridge.shown().at(-1)).toBe('still comes');
  });

  it('uncertain: what is posted again keeps its name, whatever was said meanwhile', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    const calls: { nonce: string; repeated: boolean; text: string }[] = [];
    const post = bridge.post.bind(bridge);
    bridge.post = (thread, part, call) => {
      calls.push({ nonce: call.nonce, repeated: call.repeated === true, text: part.plain });
      return post(thread, part, call);
    };
    bridge.fail('post', refusal('uncertain'), refusal('uncertain'), ...Array(5).fill(refusal('unavailable')));
    const { id: messageId } = await say('two');
    await clock.advance(0);
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'TWO' });
    await say('three');
    await clock.advance(3 * 60_000);
    expect(bridge.shown().at(-1)).toBe('TWO + three');
    expect(new Set(calls.map(({ nonce }) => nonce)).size).toBe(1);
    expect(calls.map(({ text }) => text)).toContain('two');
    expect(calls.map(({ repeated }) => repeated)).toEqual([false, ...Array(calls.length - 1).fill(true)]);
  });

  it('a call that hangs is uncertain after its deadline', async () => {
    const { bridge, say, clock } = await begin();
    bridge.fail('post', 'hang');
    await say('hello');
    await clock.advance(9000);
    expect(bridge.shown()).toEqual([]);
    await clock.advance(2000);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello']);
  });

  it('thread_gone: opens another thread, recaps, and goes on', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    await say('before');
    await clock.advance(0);
    await bridge.type('answer');
    bridge.fail('post', refusal('thread_gone'));
    await say('after');
    await clock.advance(0);
    expect(bridge.threads).toHaveLength(2);
    expect(bridge.shown('t2')).toEqual(['card vis_one', 'recap before | answer', 'after']);
    await bridge.type('typed in the old one', { thread: 't1' });
    await bridge.type('typed in the new one');
    expect((await pp.getMessages(sessionId)).slice(-2).map(({ content }) => content)).toEqual([
      'typed in the old one',
      'typed in the new one',
    ]);
  });

  it('thread_gone in the middle of a message: all of it is in the new thread', async () => {
    const { bridge, say, clock } = await begin();
    await say('before');
    await clock.advance(0);
    const begun = say('x'.repeat(150));
    await begun;
    let posts = 0;
    const post = bridge.post.bind(bridge);
    bridge.post = (...args) => (++posts === 2 ? Promise.reject(refusal('thread_gone')) : post(...args));
    await clock.advance(0);
    expect(bridge.shown('t2')).toEqual(['card vis_one', 'recap before', 'x'.repeat(100), 'x'.repeat(50)]);
  });

  it('message_gone: drops that edit and goes on', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    bridge.fail('edit', refusal('message_gone'));
    bridge.fail('remove', refusal('message_gone'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'edited' });
    await pp.conversation.remove(actor, { sessionId, messageId });
    await say('two');
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('two');
  });

  it('unauthorized: pauses, says what to do, loses nothing', async () => {
    const { bridge, say, clock, pp, logger } = await begin();
    bridge.fail('open', refusal('unauthorized'));
    await say('kept');
    await clock.advance(0);
    expect(await pp.health()).toEqual({
      status: 'degraded',
      bridges: [{ name: 'fake', state: 'paused', backlog: 1, reason: 'unauthorized' }],
    });
    expect(logger.lines.find(({ level }) => level === 'error')?.message).toContain('it is unauthorized');
    await clock.advance(70_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'kept']);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ state: 'up', backlog: 0 }] });
  });

  it('invalid: once more as plain text, then a dead letter the team can see', async () => {
    const { bridge, say, clock, storage } = await begin();
    await say('one');
    await clock.advance(0);
    bridge.fail('post', refusal('invalid'));
    await say('plain');
    await clock.advance(0);
    expect(bridge.posts.at(-1)).toMatchObject({ text: 'plain', plain: true });
    bridge.fail('post', refusal('invalid'), refusal('invalid'));
    const { id } = await say('refused');
    await say('goes on');
    await clock.advance(0);
    expect(bridge.shown().slice(2).join('')).toBe(
      `plainnotice A message of the visitor could not be shown here: it is invalid It is kept as ${id}.goes on`,
    );
    expect(await storage.state('dead-letters', `fake/${id}`)).toMatchObject({
      value: { error: 'it is invalid' },
    });
  });

  it('invalid: a thread is opened without what the platform may refuse it for', async () => {
    const { bridge, say, clock, pp, sessionId } = await begin();
    const open = bridge.open.bind(bridge);
    bridge.open = async (card) => {
      if (card.identity) throw refusal('invalid');
      return open(card);
    };
    await pp.identify(sessionId, { name: 'a word that is not allowed' });
    await say('hello?');
    await clock.advance(1000);
    expect(bridge.threads).toMatchObject([{ title: 'vis_one' }]);
    expect(bridge.shown()).toEqual(['card a word that is not allowed', 'hello?']);
    expect(await pp.health()).toMatchObject({ status: 'ok' });
  });

  it('invalid: a platform that refuses every thread is not well, and works once that is mended', async () => {
    const { bridge, say, clock, pp, logger } = await begin();
    const open = bridge.open.bind(bridge);
    bridge.open = () => Promise.reject(refusal('invalid'));
    await say('hello?');
    await clock.advance(10 * 60_000);
    expect(await pp.health()).toMatchObject({
      status: 'degraded',
      bridges: [{ state: 'paused', reason: 'misconfigured' }],
    });
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'fake is paused: no thread can be opened: it is invalid' },
    ]);
    bridge.open = open;
    await clock.advance(61_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello?']);
    expect(await pp.health()).toMatchObject({ status: 'ok' });
  });

  it('invalid: an edit that cannot be shown is told of, and nothing else changes', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    const { id: messageId } = await say('one');
    await clock.advance(0);
    bridge.fail('edit', refusal('invalid'), refusal('invalid'));
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'cursed' });
    await clock.advance(0);
    expect(bridge.shown().slice(1).join('')).toBe(
      'onenotice The visitor changed a message, and the new text could not be shown here: it is invalid',
    );
    await pp.conversation.edit(actor, { sessionId, messageId, content: 'fine' });
    await clock.advance(0);
    expect(bridge.shown()[1]).toBe('fine');
  });

  it('unavailable: tries again, ever more slowly, and delivers in order', async () => {
    const { bridge, say, clock } = await begin();
    bridge.fail('open', ...Array.from({ length: 6 }, () => refusal('unavailable')));
    for (const n of [1, 2, 3]) await say(`${n}`);
    await clock.advance(3 * 60_000);
    expect(bridge.log.filter((call) => call === 'open')).toHaveLength(7);
    expect(bridge.shown()).toEqual(['card vis_one', '1 + 2 + 3']);
  });

  it('a bridge that throws anything else is tried again too', async () => {
    const { bridge, say, clock } = await begin();
    bridge.fail('post', new TypeError('a bug'), new TypeError('a bug'));
    await say('survives');
    await clock.advance(10_000);
    expect(bridge.shown().at(-1)).toBe('survives');
  });
});

describe('lanes', () => {
  it('are served in turn: a long backlog does not hold the others up', async () => {
    const pacing = { chat: { calls: 1, perMs: 1000 } };
    const { bridge, say, clock, pp } = await begin(new FakeBridge('fake', { pacing }));
    // Each of them fills a post of its own.
    const long = (n: number) => `${n}`.padEnd(99, '.');
    for (let n = 0; n < 60; n++) await say(long(n));
    const other = await visitor({ pp }, 'vis_two');
    await other.say('me too');
    await clock.advance(20_000);
    expect(bridge.posts.some(({ text }) => text === '<me too>')).toBe(true);
    expect(bridge.posts.length).toBeLessThan(25);
    await clock.advance(60_000);
    expect(bridge.shown('t1').slice(1)).toEqual(Array.from({ length: 60 }, (_, n) => long(n)));
  });

  /** When the platform is there at last, as many sessions as are served at once have twenty posts each, and one more waits. */
  const allBusy = async (bridge: FakeBridge) => {
    bridge.fail('start', refusal('unavailable'));
    const started = await begin(bridge);
    for (const name of ['a', 'b', 'c', 'd']) {
      const { say } = await visitor(started, `vis_${name}`);
      // Each of them fills a post of its own.
      for (let n = 0; n < 20; n++) await say(`${n}`.padEnd(99, '.'));
    }
    await started.say('me too');
    return started;
  };

  it('give way after a few posts when all of them are busy', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 4, perMs: 1000 } } });
    const { clock } = await allBusy(bridge);
    await clock.advance(12_000);
    expect(bridge.shown('t5')).toEqual(['card vis_one', 'me too']);
    await clock.advance(18_000);
    expect(bridge.posts).toHaveLength(4 * 21 + 2);
  });

  it('give way sooner where each post takes long', async () => {
    const bridge = new FakeBridge();
    const { post } = bridge;
    bridge.post = async (...args) => {
      await bridge.live.clock.sleep(6000);
      return post.apply(bridge, args);
    };
    const { clock } = await allBusy(bridge);
    await clock.advance(36_000);
    expect(bridge.shown('t5')).toEqual(['card vis_one', 'me too']);
    await clock.advance(120_000);
    expect(bridge.posts).toHaveLength(4 * 21 + 2);
  });

  it('do not slow a visitor down, however slow the bridge is', async () => {
    const { bridge, say, clock } = await begin();
    bridge.fail('open', 'hang');
    const before = clock.now();
    await say('at once');
    expect(clock.now()).toBe(before);
    await clock.advance(60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'at once']);
  });

  it('keep their task however long they wait for their turn', async () => {
    const pacing = { chat: { calls: 1, perMs: 90_000 } };
    const { bridge, say, clock } = await begin(new FakeBridge('fake', { pacing }));
    for (const text of ['one', 'two', 'three']) await say(text);
    await clock.advance(10 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'one + two + three']);
  });

  it('finish the call that is under way when the engine stops', async () => {
    const { bridge, say, clock, pp, storage, sessionId } = await begin();
    await say('one');
    await clock.advance(0);
    let arrive = () => {};
    const post = bridge.post.bind(bridge);
    bridge.post = async (...args) => {
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
      return post(...args);
    };
    const { id: messageId } = await say('on its way');
    await say('stays for the next start');
    await clock.advance(0);
    const stopped = pp.stop();
    await clock.advance(1000);
    arrive();
    await stopped;
    expect(bridge.shown()).toEqual(['card vis_one', 'one', 'on its way']);
    expect(await storage.links({ bridge: 'fake', messageId })).toHaveLength(1);
    expect(await storage.tasks.count('bridge/fake')).toBe(1);
    expect((await storage.session(sessionId))?.operatorDeliveredSeq).toBeGreaterThan(0);
  });

  it('show typing only when there is budget to spare', async () => {
    const pacing = { chat: { calls: 4, perMs: 60_000 } };
    const { bridge, say, clock, pp, actor, sessionId } = await begin(new FakeBridge('fake', { pacing }));
    await say('one');
    await clock.advance(62_000);
    await pp.conversation.type(actor, { sessionId, isTyping: true });
    await pp.conversation.type(actor, { sessionId, isTyping: true });
    await clock.advance(0);
    expect(bridge.typed).toEqual(['t1']);
    await say('two');
    await clock.advance(5000);
    await pp.conversation.type(actor, { sessionId, isTyping: true });
    await clock.advance(0);
    expect(bridge.typed).toEqual(['t1']);
  });
});

describe('identity', () => {
  it('is on the card of a thread that opens later, and a note in one that is open', async () => {
    const { bridge, say, clock, pp, sessionId, actor } = await begin();
    await pp.conversation.identify(actor, { sessionId, identity: { name: 'Jo' } });
    await clock.advance(1);
    await say('hello');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card Jo', 'hello']);
    await pp.identify(sessionId, { name: 'Joanna', id: 'u1' });
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('identity Joanna');
    expect(bridge.threads[0]?.title).toBe('Joanna');
  });
});
