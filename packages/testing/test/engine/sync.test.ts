import type { Call, MessageRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal } from './house.js';

/** One conversation on three platforms: one can do everything, one has no threads, one lets nobody change a post. */
const onThree = async () => {
  const full = new FakeBridge('full', { receipts: true, catchUp: true });
  const shared = new FakeBridge('shared', { threadless: true });
  const rigid = new FakeBridge('rigid', { editing: false, length: 40 });
  const it = await begin(full);
  it.pp.addBridge(shared).addBridge(rigid);
  await it.say('hello?');
  await it.clock.advance(1000);
  const settle = () => it.clock.advance(5000);
  const reportGone = (bridge: FakeBridge, platformId: string) =>
    bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId },
      at: it.clock.now(),
    });
  const postOf = (bridge: FakeBridge, text: string) => bridge.posts.find((post) => post.text.includes(text));
  return { ...it, full, shared, rigid, all: [full, shared, rigid], settle, reportGone, postOf };
};

describe('three platforms in one conversation', () => {
  it('each show what was said on the others, by whom, and never what was said there', async () => {
    const { full, shared, rigid, settle } = await onThree();
    await full.type('from full', { name: 'Ada' });
    await settle();
    await shared.type('from shared', { name: 'Bob', thread: null, replyTo: shared.posts.at(-1)?.id ?? '' });
    await settle();
    await rigid.type('from rigid', { name: 'Cy' });
    await settle();
    const start = ['card vis_one', 'hello?'];
    expect(full.shown()).toEqual([...start, 'Bob: from shared', 'Cy: from rigid']);
    expect(shared.shown()).toEqual([...start, 'Ada: from full', 'Cy: from rigid']);
    expect(rigid.shown()).toEqual([...start, 'Ada: from full', 'Bob: from shared']);
  });

  it('show what the AI and the site say, each once', async () => {
    const { all, pp, sessionId, settle } = await onThree();
    await pp.sendMessage(sessionId, { content: 'I can help', type: 'ai', name: 'Robo' });
    await pp.sendMessage(sessionId, { content: 'So can I', name: 'Grace' });
    await settle();
    for (const bridge of all) {
      expect(bridge.shown().slice(-2)).toEqual(['Robo: I can help', 'Grace: So can I']);
    }
  });

  it('say where it came from', async () => {
    const { full, shared, storage, sessionId, settle } = await onThree();
    await full.type('hi');
    await settle();
    const [, message] = await storage.messages(sessionId, { limit: 10 });
    expect(message?.author).toEqual({ kind: 'operator', id: 'ada', name: 'Ada', via: 'full' });
    expect(shared.shown().at(-1)).toBe('Ada: hi');
  });

  it('follow an edit, where they can, and say it anew where they cannot', async () => {
    const { full, shared, rigid, settle, pp, sessionId } = await onThree();
    const id = await full.type('frist');
    await settle();
    await full.edit(id, 'first', { version: 2 });
    await full.edit(id, 'first', { version: 2 });
    await settle();
    expect(shared.shown().slice(-1)).toEqual(['Ada: first']);
    expect(rigid.shown().slice(-2)).toEqual(['Ada: frist', 'Ada: first']);
    expect(full.log).not.toContain('edit');
    expect((await pp.getMessages(sessionId)).at(-1)).toMatchObject({ content: 'first' });
  });

  it('follow a deletion, whichever of them it was asked for on', async () => {
    const { full, shared, settle, reportGone, postOf, pp, sessionId } = await onThree();
    const id = await full.type('eins');
    await settle();
    await reportGone(full, id);
    await settle();
    expect(shared.shown().join()).not.toContain('eins');
    await full.type('two', { id: 'in-two' });
    await settle();
    await shared.live.receive({
      kind: 'delete',
      operator: { id: 'bob', name: 'Bob' },
      ref: { chatId: 'chat', platformId: postOf(shared, 'two')?.id ?? '' },
      asked: { chatId: 'chat', platformId: 'asked' },
      at: 0,
    });
    await settle();
    expect(shared.shown().join()).not.toContain('two');
    // What a person wrote there goes where the platform lets a bot take it away, and it is not told of itself.
    expect(full.log.filter((call) => call === 'remove')).toHaveLength(1);
    const messages = await pp.getMessages(sessionId);
    expect(messages.slice(1).map(({ deletedAt }) => deletedAt !== undefined)).toEqual([true, true]);
  });

  it('lose nothing of what was said elsewhere, though a moderator takes a post away', async () => {
    const { full, shared, settle, reportGone, postOf, pp, sessionId } = await onThree();
    await full.type('to be kept');
    await settle();
    const post = postOf(shared, 'to be kept')?.id ?? '';
    await reportGone(shared, post);
    await settle();
    expect(full.log).not.toContain('remove');
    expect((await pp.getMessages(sessionId)).at(-1)).toMatchObject({ content: 'to be kept' });
  });

  it('take a post away that is no longer needed, and nothing else, where the platform reports that as a deletion', async () => {
    const { full, settle, reportGone, pp, sessionId } = await onThree();
    const reporting = new FakeBridge('reporting', { length: 40 });
    const { remove } = reporting.editing as NonNullable<FakeBridge['editing']>;
    Object.assign(reporting.editing as object, {
      remove: async (posted: MessageRef, call: Call) => {
        await remove(posted, call);
        await reportGone(reporting, posted.platformId);
      },
    });
    pp.addBridge(reporting);
    const id = await full.type('x'.repeat(60));
    await settle();
    const shownAtFirst = reporting.posts.length;
    await full.edit(id, 'short', { version: 2 });
    await settle();
    expect(reporting.posts).toHaveLength(shownAtFirst - 1);
    const last = (await pp.getMessages(sessionId)).at(-1);
    expect(last).toMatchObject({ content: 'short' });
    expect(last?.deletedAt).toBeUndefined();
  });

  it('answer natively what was answered, whoever said it and wherever', async () => {
    const { full, shared, rigid, settle, postOf, say } = await onThree();
    const question = await full.type('which one?');
    await settle();
    await shared.type('that one', {
      name: 'Bob',
      thread: null,
      replyTo: postOf(shared, 'which one?')?.id ?? '',
    });
    await settle();
    expect(postOf(full, 'that one')?.replyTo).toBe(question);
    expect(postOf(rigid, 'that one')?.replyTo).toBe(postOf(rigid, 'which one?')?.id);
    const visitors = await say('and mine?');
    await settle();
    await rigid.type('yours too', { name: 'Cy', replyTo: postOf(rigid, 'and mine?')?.id ?? '' });
    await settle();
    expect(postOf(full, 'yours too')?.replyTo).toBe(postOf(full, 'and mine?')?.id);
    expect(postOf(shared, 'yours too')?.replyTo).toBe(postOf(shared, 'and mine?')?.id);
    expect(visitors.content).toBe('and mine?');
  });

  it('quote what stands in no post that could be answered', async () => {
    const { full, rigid, settle, say, clock } = await onThree();
    Object.assign(rigid.threads[0] ?? {}, { id: 'gone' });
    await say('lost');
    await settle();
    const [post] = full.posts.filter(({ text }) => text.includes('hello?'));
    await full.type('about the first', { replyTo: post?.id ?? '' });
    await clock.advance(5000);
    expect(rigid.shown().at(-1)).toBe('Ada: [hello?] about the first');
  });

  it('share a backlog in few posts, with what was edited and deleted meanwhile folded in, and go on from there', async () => {
    const { full, shared, settle, reportGone, say } = await onThree();
    shared.fail('post', ...Array.from({ length: 6 }, () => refusal('unavailable')));
    const one = await full.type('eins');
    const two = await full.type('two');
    await say('three');
    await full.edit(one, 'ONE', { version: 2 });
    await reportGone(full, two);
    await settle();
    for (let minute = 0; minute < 5; minute++) await settle().then(() => settle());
    await say('four');
    for (let minute = 0; minute < 20; minute++) await settle();
    const text = shared.shown().join('\n');
    expect(text.match(/ONE/g)).toHaveLength(1);
    expect(text).not.toMatch(/eins|two/);
    expect(text.indexOf('ONE')).toBeLessThan(text.indexOf('three'));
    expect(text.indexOf('three')).toBeLessThan(text.indexOf('four'));
    await full.edit(one, 'uno', { version: 3 });
    await settle();
    expect(shared.shown().join('\n')).toMatch(/uno[\s\S]*three[\s\S]*four/);
    expect(shared.shown().join('\n')).not.toContain('ONE');
  });

  it('are told of a close on one of them, and of a note', async () => {
    const { full, shared, rigid, settle } = await onThree();
    await rigid.command('note', { args: 'careful', by: 'Cy' });
    await full.command('close');
    await settle();
    for (const bridge of [full, shared]) {
      expect(bridge.shown().slice(-2)).toEqual(['note: Cy: careful', 'closed by Ada']);
    }
    expect(rigid.shown().at(-1)).toBe('closed by Ada');
    expect(rigid.shown().join()).not.toContain('careful');
  });

  it('do not notice that one of them is down for ten minutes, and neither does the visitor', async () => {
    const { full, shared, rigid, clock, say, pp, actor, sessionId } = await onThree();
    let down = true;
    const { post } = rigid;
    rigid.post = (thread, part, call) =>
      down ? Promise.reject(refusal('unavailable')) : post.call(rigid, thread, part, call);
    const heard: string[] = [];
    await pp.conversation.follow(
      actor,
      { sessionId, after: 0 },
      {
        entry: ({ event, message }) => {
          if (event.type === 'message') heard.push(message?.content ?? '');
        },
        signal: () => {},
        reset: () => {},
        end: () => {},
      },
    );
    const said: string[] = ['hello?'];
    for (let minute = 0; minute < 10; minute++) {
      const [question, answer] = [`question ${minute}`, `answer ${minute}`];
      await say(question);
      await clock.advance(100);
      expect(full.shown().at(-1)).toBe(question);
      expect(shared.shown().at(-1)).toBe(question);
      await full.type(answer);
      expect(heard.at(-1)).toBe(answer);
      await clock.advance(100);
      expect(shared.shown().at(-1)).toBe(`Ada: ${answer}`);
      said.push(question, answer);
      await clock.advance(59_800);
    }
    expect(heard).toEqual(said);
    expect(rigid.shown()).toHaveLength(2);
    expect((await pp.health()).bridges.map(({ name, state }) => [name, state])).toEqual([
      ['full', 'up'],
      ['shared', 'up'],
      ['rigid', 'paused'],
    ]);
    down = false;
    await clock.advance(120_000);
    const text = rigid.shown().join(' ');
    for (const each of said) expect(text.split(each).length - 1).toBe(1);
    expect((await pp.health()).status).toBe('ok');
  });
});
