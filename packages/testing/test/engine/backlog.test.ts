import type { BridgeError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

/** A conversation whose platform was away while this was said. */
const saidWhileAway = async (...contents: string[]) => {
  const started = await begin();
  const { bridge, say, clock } = started;
  await say('before');
  await clock.advance(0);
  away(bridge);
  const messages = [];
  for (const content of contents) messages.push(await say(content));
  return { ...started, messages, back: () => clock.advance(3 * 60_000) };
};

/** Nothing gets through for about a minute. */
const away = (bridge: FakeBridge, error: BridgeError = refusal('unavailable')) =>
  bridge.fail('post', ...Array.from({ length: 6 }, () => error));

describe('a backlog', () => {
  it('is posted together, in order, and marked delivered as a whole', async () => {
    const { bridge, back, storage, sessionId, messages } = await saidWhileAway('one', 'two', 'three');
    await back();
    expect(bridge.shown()).toEqual(['card vis_one', 'before', 'one + two + three']);
    expect((await storage.session(sessionId))?.operatorDeliveredSeq).toBe(messages[2]!.seq);
  });

  it('fits each post: what is too long for one goes on in the next', async () => {
    const { bridge, back } = await saidWhileAway(...Array.from({ length: 30 }, (_, n) => `message ${n}`));
    await back();
    const posts = bridge.shown().slice(2);
    expect(posts.every((text) => text.length <= 100)).toBe(true);
    expect(posts.length).toBeLessThan(8);
    expect(posts.join(' + ')).toBe(Array.from({ length: 30 }, (_, n) => `message ${n}`).join(' + '));
  });

  it('folds in what was edited and deleted meanwhile', async () => {
    const { bridge, back, pp, actor, sessionId, messages } = await saidWhileAway('one', 'two', 'three');
    const [one, two] = messages;
    await pp.conversation.edit(actor, { sessionId, messageId: one!.id, content: 'ONE' });
    await pp.conversation.remove(actor, { sessionId, messageId: two!.id });
    await back();
    expect(bridge.shown()).toEqual(['card vis_one', 'before', 'ONE + three']);
    expect(bridge.log.filter((call) => call === 'edit' || call === 'remove')).toEqual([]);
  });

  it('takes in what is said while it waits for its turn', async () => {
    const pacing = { chat: { calls: 3, perMs: 60_000 } };
    const { bridge, say, clock } = await begin(new FakeBridge('fake', { pacing }));
    await say('one');
    await say('two');
    await clock.advance(30_000);
    expect(bridge.shown()).toHaveLength(2);
    await say('three');
    await clock.advance(40_000);
    expect(bridge.shown().at(-1)).toMatch(/three$/);
    expect(bridge.shown().join(' + ')).toBe('card vis_one + one + two + three');
    expect(bridge.shown()).toHaveLength(3);
  });

  it('is not split by edits of what stands above it: they are made when it is there', async () => {
    const { bridge, say, clock, pp, actor, sessionId } = await begin();
    const { id } = await say('before');
    await clock.advance(0);
    away(bridge);
    await say('one');
    await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'BEFORE' });
    await say('two');
    await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'Before' });
    await say('three');
    bridge.log.length = 0;
    await clock.advance(3 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'Before', 'one + two + three']);
    expect(bridge.log.slice(-2)).toEqual(['post', 'edit']);
  });

  it('quotes what its messages answer', async () => {
    const started = await begin();
    const { bridge, say, clock } = started;
    const { id } = await say('price?');
    await clock.advance(0);
    away(bridge);
    await say('hello?', { replyTo: id });
    await say('again');
    await clock.advance(3 * 60_000);
    expect(bridge.shown().at(-1)).toBe('[price?] hello? + again');
  });

  it('loses to the refusal of one message only that message', async () => {
    const { bridge, back, pp, messages } = await saidWhileAway('one', 'bad', 'three');
    const post = bridge.post.bind(bridge);
    bridge.post = (thread, part, call) =>
      part.plain.includes('bad') && !part.plain.startsWith('notice')
        ? Promise.reject(refusal('invalid'))
        : post(thread, part, call);
    await back();
    expect(bridge.shown().slice(2).join('')).toBe(
      `onenotice A message of the visitor could not be shown here: it is invalid It is kept as ${messages[1]!.id}.three`,
    );
    expect(await pp.listDeadLetters()).toMatchObject([{ bridge: 'fake', messageId: messages[1]!.id }]);
  });

  it('is posted again as it was where a call’s outcome was uncertain', async () => {
    const { bridge, clock, messages } = await saidWhileAway('one', 'two');
    bridge.failAfter('post', refusal('uncertain'));
    await clock.advance(3 * 60_000);
    expect(messages).toHaveLength(2);
    expect(bridge.shown().slice(2)).toEqual(['one + two', 'one + two']);
  });
});

describe('a post of several messages', () => {
  const joint = async (...contents: string[]) => {
    const started = await saidWhileAway(...contents);
    await started.back();
    const change = (n: number, content: string | null) => {
      const messageId = started.messages[n]!.id;
      const { sessionId, actor, pp } = started;
      return content === null
        ? pp.conversation.remove(actor, { sessionId, messageId })
        : pp.conversation.edit(actor, { sessionId, messageId, content });
    };
    return { ...started, change };
  };

  it('shows an edit of one of them', async () => {
    const { bridge, change, clock } = await joint('one', 'two', 'three');
    await change(1, 'TWO');
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['one + TWO + three']);
  });

  it('loses those that are deleted, and goes with the last', async () => {
    const { bridge, change, clock } = await joint('one', 'two', 'three');
    await change(1, null);
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['one + three']);
    await change(0, null);
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['three']);
    await change(2, null);
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual([]);
  });

  it('lets one go that has become too long, with all of its text', async () => {
    const { bridge, change, clock, storage, messages } = await joint('one', 'two', 'three');
    const long = 'x'.repeat(150);
    await change(1, long);
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['one + three', 'x'.repeat(100), 'x'.repeat(50)]);
    await change(1, 'short again');
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['one + three', 'short again']);
    await change(0, 'ONE');
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['ONE + three', 'short again']);
    expect(await storage.links({ bridge: 'fake', messageId: messages[1]!.id })).toHaveLength(1);
  });

  it('is changed once for several edits', async () => {
    const { bridge, change, clock } = await joint('one', 'two');
    bridge.log.length = 0;
    await Promise.all([change(0, 'ONE'), change(1, 'TWO')]);
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['ONE + TWO']);
    expect(bridge.log).toEqual(['edit']);
  });

  it('is answered by a native reply to its newest message, and deletes nothing that nobody named', async () => {
    const { bridge, pp, sessionId, messages, clock } = await joint('one', 'two');
    const post = bridge.posts.at(-1)!.id;
    await bridge.type('yes', { replyTo: post });
    const all = await pp.getMessages(sessionId);
    expect(all.at(-1)).toMatchObject({ content: 'yes', replyTo: messages[1]!.id });
    await bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      at: clock.now(),
      ref: { chatId: 'chat', threadId: 't1', platformId: post },
      asked: { chatId: 'chat', threadId: 't1', platformId: 'asks' },
    });
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).toMatch(/^Not deleted/);
  });

  it('does not keep what was deleted, however often the change is not confirmed', async () => {
    const { bridge, change, clock } = await joint('secret', 'stays');
    bridge.fail('edit', ...Array.from({ length: 12 }, () => refusal('uncertain')));
    await change(0, null);
    await clock.advance(12 * 60 * 60_000);
    expect(bridge.shown().slice(2)).toEqual(['stays']);
    expect(bridge.log.filter((call) => call === 'edit')).toHaveLength(13);
  });

  it('goes, and what stays is posted anew, where the platform refuses it without what was deleted', async () => {
    const { bridge, change, clock } = await joint('secret', 'stays');
    bridge.fail('edit', refusal('invalid'), refusal('invalid'), refusal('invalid'), refusal('invalid'));
    await change(0, null);
    await clock.advance(60_000);
    expect(bridge.shown().slice(2)).toEqual(['stays']);
  });

  it('goes where what stays no longer fits, because what it quotes has grown', async () => {
    const bridge = new FakeBridge('fake', { length: 40 });
    const { say, clock, pp, actor, sessionId } = await begin(bridge);
    const quoted = await say('t');
    await clock.advance(0);
    away(bridge);
    const secret = await say('pin1');
    await say('b'.repeat(28), { replyTo: quoted.id });
    await clock.advance(180_000);
    expect(bridge.shown().at(-1)).toBe(`pin1 + [t] ${'b'.repeat(28)}`);
    await pp.conversation.edit(actor, { sessionId, messageId: quoted.id, content: 'twelve chars' });
    await clock.advance(1000);
    await pp.conversation.remove(actor, { sessionId, messageId: secret.id });
    await clock.advance(60_000);
    expect(bridge.shown().join('')).not.toContain('pin1');
    expect(bridge.shown().slice(2).join('')).toContain('b'.repeat(28));
  });

  it('survives the loss of its thread', async () => {
    const { bridge, change, clock, say } = await joint('one', 'two');
    bridge.threads.splice(0);
    await say('and now?');
    await clock.advance(0);
    expect(bridge.shown('t1').slice(2)).toEqual([
      'one + two',
      'card vis_one',
      'recap before | one | two',
      'and now?',
    ]);
    await change(0, 'ONE');
    await clock.advance(0);
    expect(bridge.shown('t1').at(-1)).toBe('and now?');
  });
});

describe('a platform that refuses although its budget was kept', () => {
  it('is asked half as much, and then slowly more again', async () => {
    const pacing = { chat: { calls: 20, perMs: 60_000 } };
    const bridge = new FakeBridge('fake', { pacing });
    const { clock, pp } = await begin(bridge);
    const minute = async () => {
      const before = bridge.log.length;
      await clock.advance(60_000 * 1.02);
      return bridge.log.length - before;
    };
    // More than enough to do for a quarter of an hour.
    for (let n = 0; n < 200; n++) {
      const { say } = await visitor({ pp }, `vis_${n}`);
      await say('x'.repeat(150));
    }
    expect(await minute()).toBe(20);
    bridge.fail('post', refusal('rate_limited', { retryAfterMs: 30_000 }));
    await minute();
    const pace = [];
    for (let n = 0; n < 7; n++) pace.push(await minute());
    // Half of the budget, and a tenth of it more with every window.
    expect(pace).toEqual([10, 12, 14, 16, 18, 20, 20]);
  });
});

describe('a busy forum', () => {
  const pacing = { chat: { calls: 20, perMs: 60_000 } };

  it('stays within one chat’s budget, and no session starves', async () => {
    const bridge = new FakeBridge('fake', { pacing, length: 4000 });
    const { clock, pp } = await begin(bridge);
    const calls: number[] = [];
    let longest = 0;
    const post = bridge.post.bind(bridge);
    bridge.post = (thread, part, call) => {
      calls.push(clock.now());
      const [, second] = /^\d+\/(\d+)/.exec(part.plain) ?? [];
      if (second !== undefined) longest = Math.max(longest, clock.now() - began - Number(second) * 1000);
      return post(thread, part, call);
    };
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => visitor({ pp }, `vis_${String(n).padStart(2, '0')}`)),
    );
    const began = clock.now();
    for (let second = 0; second < 600; second += 10) {
      for (const [n, { say }] of all.entries()) await say(`${n}/${second}`);
      await clock.advance(10_000);
    }
    for (const [n] of calls.entries()) {
      const from = calls[n]!;
      expect(calls.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(20);
    }
    // In the first round everybody needs a thread and a card too: six minutes for a hundred and twenty calls.
    expect(longest).toBeLessThan(8 * 60_000);
    await clock.advance(3 * 60_000);
    for (const [n] of all.entries()) {
      const thread = bridge.threads.find(({ title }) => title === `vis_${String(n).padStart(2, '0')}`);
      const shown = bridge.shown(thread?.id).slice(1).join(' + ');
      expect(shown).toBe(Array.from({ length: 60 }, (_, i) => `${n}/${i * 10}`).join(' + '));
    }
  }, 60_000);

  it('has edits give way to messages, for a minute', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 8, perMs: 60_000 } } });
    const { clock, pp, say, actor, sessionId } = await begin(bridge);
    const { id } = await say('one');
    await clock.advance(62_000);
    const others = await Promise.all([1, 2, 3].map((n) => visitor({ pp }, `vis_${n}`)));
    await others[0]!.say('hello');
    await clock.advance(0);
    await others[1]!.say('hello');
    await clock.advance(0);
    expect(bridge.log.slice(-6)).toEqual(['open', 'post', 'post', 'open', 'post', 'post']);
    bridge.log.length = 0;
    await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'ONE' });
    await say('two');
    await clock.advance(1000);
    await others[2]!.say('hello');
    await clock.advance(120_000);
    expect(bridge.log.indexOf('edit')).toBeGreaterThan(bridge.log.indexOf('post'));
    expect(bridge.shown('t1')).toEqual(['card vis_one', 'ONE', 'two']);
    await clock.advance(120_000);
    expect(await pp.health()).toMatchObject({ bridges: [{ backlog: 0 }] });
    expect(bridge.posts.filter(({ text }) => text === '<hello>')).toHaveLength(3);
  });
});

describe('down for an hour', () => {
  it('catches up in order, together, and within the budget; edits and deletions are folded in', async () => {
    const bridge = new FakeBridge('fake', { pacing: { chat: { calls: 20, perMs: 60_000 } } });
    const { clock, pp } = await begin(bridge);
    let isDown = true;
    const calls: number[] = [];
    const { post, open } = bridge;
    bridge.open = (card) => (isDown ? Promise.reject(refusal('unavailable')) : open.call(bridge, card));
    bridge.post = (...args) => {
      if (isDown) return Promise.reject(refusal('unavailable'));
      calls.push(clock.now());
      return post.apply(bridge, args);
    };
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => visitor({ pp }, `vis_${n}`)));
    for (let round = 0; round < 10; round++) {
      for (const [n, { say, actor, sessionId }] of all.entries()) {
        const { id } = await say(`${n}.${round}`);
        if (round === 3)
          await pp.conversation.edit(actor, { sessionId, messageId: id, content: `${n}.edited` });
        if (round === 5) await pp.conversation.remove(actor, { sessionId, messageId: id });
      }
      await clock.advance(6 * 60_000);
    }
    isDown = false;
    const before = clock.now();
    await clock.advance(10 * 60_000);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
    for (const [n] of all.entries()) {
      const thread = bridge.threads.find(({ title }) => title === `vis_${n}`);
      const rounds = [0, 1, 2, 'edited', 4, 6, 7, 8, 9];
      expect(bridge.shown(thread?.id)).toEqual([
        `card vis_${n}`,
        rounds.map((round) => `${n}.${round}`).join(' + '),
      ]);
    }
    expect(bridge.log.filter((call) => call === 'edit' || call === 'remove')).toEqual([]);
    expect(calls).toHaveLength(100);
    // A minute for the backoff to end, and for each a thread, a card and a post, at twenty a minute.
    expect(calls.at(-1)! - before).toBeLessThan(9 * 60_000);
    for (const from of calls) {
      expect(calls.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(20);
    }
  }, 60_000);
});

describe('a visitor who never stops', () => {
  it('is served in turn like everybody else', async () => {
    const pacing = { chat: { calls: 6, perMs: 60_000 } };
    const bridge = new FakeBridge('fake', { pacing, length: 4000 });
    const { clock, pp, say } = await begin(bridge);
    const others = await Promise.all(Array.from({ length: 12 }, (_, n) => visitor({ pp }, `vis_${n}`)));
    let latest = 0;
    const post = bridge.post.bind(bridge);
    bridge.post = (thread, part, call) => {
      if (part.plain.includes('still here')) latest = clock.now();
      return post(thread, part, call);
    };
    let longest = 0;
    for (let second = 0; second < 1800; second++) {
      await say('still here');
      if (second % 30 === 0) for (const other of others) await other.say('hm');
      if (second === 900) latest = clock.now();
      await clock.advance(1000);
      if (second > 900) longest = Math.max(longest, clock.now() - latest);
    }
    // Thirteen conversations at six posts a minute.
    expect(longest).toBeLessThan(3 * 60_000);
  }, 60_000);
});
