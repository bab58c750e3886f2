import { MemoryStorage, type WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, refusal, visitor } from './house.js';

/** Something happens right before a message of the team is committed, or what is answered instead. */
class Interrupted extends MemoryStorage {
  interrupt: (() => Promise<unknown>) | undefined;

  override async commit(write: WriteSet) {
    const { interrupt } = this;
    if (interrupt && write.links) {
      this.interrupt = undefined;
      await interrupt();
    }
    return super.commit(write);
  }
}

const conversation = async () => {
  const clock = virtualClock();
  const storage = new Interrupted({ clock });
  const it = await begin(new FakeBridge(), { clock, storage });
  await it.say('hello?');
  await clock.advance(1000);
  const { bridge, pp, sessionId } = it;
  const said = async () => (await pp.getMessages(sessionId)).slice(1).map(({ content }) => content);
  const answers = () => bridge.answers.map(({ text }) => text);
  const blocked = (blocked: boolean) =>
    storage.commit({
      at: clock.now(),
      session: { id: sessionId },
      block: { visitorId: 'vis_one', blocked },
    });
  return { ...it, storage, said, answers, blocked };
};

const BLOCKED = 'Not delivered: this visitor is blocked.';
const MISTYPED = 'Not delivered: this looks like a command, which is /close here.';

describe('a message that was not delivered', () => {
  it('is, as what it is edited to', async () => {
    const { bridge, clock, said, answers } = await conversation();
    const id = await bridge.type('!close');
    await clock.advance(1000);
    await bridge.edit(id, 'we close at six', { version: 2 });
    await clock.advance(1000);
    expect(answers()).toEqual([MISTYPED]);
    expect(await said()).toEqual(['we close at six']);
    await bridge.edit(id, 'we close at seven', { version: 3 });
    expect(await said()).toEqual(['we close at seven']);
  });

  it('is when what was in the way is gone, however late, and not before it is edited', async () => {
    const { bridge, clock, said, answers, blocked } = await conversation();
    await blocked(true);
    const id = await bridge.type('we ship tomorrow');
    await clock.advance(1000);
    await blocked(false);
    await bridge.type('we ship tomorrow', { id });
    expect(await said()).toEqual([]);
    const sentAt = clock.now();
    await clock.advance(60 * 60_000);
    await bridge.edit(id, 'we ship today', { version: 2, sentAt });
    await clock.advance(1000);
    expect(answers()).toEqual([BLOCKED]);
    expect(await said()).toEqual(['we ship today']);
  });

  it('is told of with each edit that is not delivered either', async () => {
    const { bridge, clock, said, answers } = await conversation();
    const id = await bridge.type('!close');
    await clock.advance(1000);
    for (const version of [2, 2, 1, 3, 2]) {
      await bridge.edit(id, version === 3 ? 'It is 3 \u2060!' : '!close now', { version });
      await clock.advance(1000);
    }
    expect(answers()).toEqual([MISTYPED, MISTYPED.replace('Not', 'Still not')]);
    expect(await said()).toEqual(['It is 3 \u2060!']);
  });

  it('is answered where an edit makes a command of it, and may become words after that', async () => {
    const { bridge, clock, said, answers } = await conversation();
    const id = await bridge.type('!close');
    await clock.advance(1000);
    await bridge.edit(id, '/close', { version: 2, command: { name: 'close', args: '' } });
    await clock.advance(1000);
    expect(answers().at(-1)).toBe(
      'Commands cannot be edited: send it as a new message. Nothing was changed for the visitor.',
    );
    await bridge.edit(id, 'we close at six', { version: 3 });
    expect(await said()).toEqual(['we close at six']);
  });

  it('is not answered any more once it is delivered', async () => {
    const { bridge, clock, said, answers } = await conversation();
    bridge.fail('answer', refusal('unavailable'));
    const id = await bridge.type('!close');
    await clock.advance(0);
    await bridge.edit(id, 'we close at six', { version: 2 });
    await clock.advance(60_000);
    expect(answers()).toEqual([]);
    expect(await said()).toEqual(['we close at six']);
  });

  it('is delivered once, however often and in whatever order its edits come, in one process or the next', async () => {
    const { bridge, clock, said, storage, pp, sessionId } = await conversation();
    const id = await bridge.type('!close');
    await Promise.all([2, 3, 2, 3].map((version) => bridge.edit(id, `version ${version}`, { version })));
    await bridge.type('version 2', { id, version: 2 });
    await clock.advance(1000);
    expect(await said()).toEqual(['version 3']);
    const stopping = pp.stop();
    await clock.advance(0);
    await stopping;
    const again = new FakeBridge();
    await house({ clock, storage, bridge: again }).pp.start();
    await again.edit(id, 'version 3', { version: 3 });
    await again.edit(id, 'version 2', { version: 2 });
    expect((await storage.messages(sessionId, { limit: 9 })).map(({ content }) => content)).toEqual([
      'hello?',
      'version 3',
    ]);
  });

  it('is delivered when only a later look finds that it was edited', async () => {
    const { bridge, said } = await conversation();
    const id = await bridge.type('!close');
    await bridge.type('we close at six', { id, version: 2 });
    expect(await said()).toEqual(['we close at six']);
  });

  it('is not doubled by two edits at once', async () => {
    const { bridge, storage, said } = await conversation();
    const id = await bridge.type('!close');
    storage.interrupt = () => bridge.edit(id, 'version 3', { version: 3 });
    await bridge.edit(id, 'version 2', { version: 2 });
    expect(await said()).toEqual(['version 3']);
    const other = await bridge.type('!close');
    storage.interrupt = () => bridge.edit(other, 'first', { version: 2 });
    await bridge.edit(other, 'second', { version: 3 });
    expect(await said()).toEqual(['version 3', 'second']);
  });

  it('stays unsaid when it was deleted, whatever comes late', async () => {
    const { bridge, said, clock } = await conversation();
    const id = await bridge.type('!close');
    await bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: id },
      at: clock.now(),
    });
    await bridge.edit(id, 'we close at six', { version: 2 });
    expect(await said()).toEqual([]);
  });

  it('stays unsaid when it arrived at the moment of its deletion', async () => {
    const { bridge, said, clock, storage } = await conversation();
    storage.interrupt = () => bridge.type('!close', { id: 'late' });
    await bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: 'late' },
      at: clock.now(),
    });
    await bridge.edit('late', 'we close at six', { version: 2 });
    expect(await said()).toEqual([]);
  });
});

describe('what happens while a reply is stored', () => {
  it('is that the visitor is blocked: it is not delivered, and that is said', async () => {
    const { bridge, clock, storage, said, answers, blocked } = await conversation();
    storage.interrupt = () => blocked(true);
    await bridge.type('we ship tomorrow');
    await clock.advance(1000);
    expect(await said()).toEqual([]);
    expect(answers()).toEqual([BLOCKED]);
  });

  it('is that the visitor leaves: it is not delivered, and that is said', async () => {
    const { bridge, clock, storage, said, answers, pp, actor, sessionId } = await conversation();
    storage.interrupt = () => pp.conversation.leave(actor, sessionId);
    await bridge.type('we ship tomorrow');
    await clock.advance(1000);
    expect(await said()).toEqual([]);
    expect(answers()).toEqual(['Not delivered: the visitor has ended this conversation.']);
  });

  it('is that a teammate closes the conversation: the reply opens it again', async () => {
    const { bridge, clock, storage, said, pp, sessionId } = await conversation();
    storage.interrupt = () => pp.closeSession(sessionId);
    await bridge.type('we ship tomorrow');
    await clock.advance(1000);
    expect(await said()).toEqual(['we ship tomorrow']);
    expect((await pp.getSession(sessionId))?.status).toBe('open');
  });
});

it('a reply to what stands in another conversation refers to nothing', async () => {
  const { bridge, clock, pp, sessionId } = await conversation();
  const stranger = await visitor({ pp }, 'vis_two');
  await stranger.say('I am somebody else');
  await clock.advance(1000);
  const theirs = bridge.posts.find(({ threadId, text }) => threadId === 't2' && text.includes('somebody'));
  await bridge.type('to the first', { thread: 't1', replyTo: theirs?.id ?? '' });
  const reply = (await pp.getMessages(sessionId)).at(-1);
  expect(reply).toMatchObject({ content: 'to the first' });
  expect(reply?.replyTo).toBeUndefined();
});
