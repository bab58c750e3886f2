import { describe, expect, it, vi } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal } from './house.js';

const conversation = async (options: ConstructorParameters<typeof FakeBridge>[1] = {}) => {
  const other = new FakeBridge('other', { receipts: true, ...options });
  const plain = new FakeBridge('plain');
  const it = await begin(new FakeBridge('fake', { receipts: true }));
  it.pp.addBridge(other).addBridge(plain);
  await it.say('hello?');
  await it.clock.advance(1000);
  const { pp, actor, sessionId } = it;
  const newest = async () => (await pp.getMessages(sessionId)).at(-1)?.id ?? '';
  const reads = async (status: 'delivered' | 'read' = 'read', messageId?: string) => {
    const id = messageId ?? (await newest());
    await pp.conversation.read(actor, { sessionId, messageIds: [id], status });
  };
  return { ...it, other, plain, reads, newest };
};

describe('a receipt', () => {
  it('stands beside what the operator wrote, and beside our posts of it', async () => {
    const { bridge, other, plain, clock, reads } = await conversation();
    const written = await bridge.type('Hi!');
    await clock.advance(1000);
    await reads();
    await clock.advance(3000);
    expect(bridge.marks).toEqual([{ id: written, state: 'read' }]);
    expect(other.marks).toEqual([{ id: other.posts.at(-1)?.id, state: 'read' }]);
    expect(plain.log).not.toContain('mark');
  });

  it('stands beside what was written where there are no threads', async () => {
    const { other, clock, reads } = await conversation({ threadless: true });
    const marking = vi.spyOn(other.receipts as NonNullable<typeof other.receipts>, 'mark');
    const question = other.posts.at(-1)?.id ?? '';
    const written = await other.type('Hi!', { thread: null, replyTo: question });
    await clock.advance(1000);
    await reads();
    await clock.advance(3000);
    expect(other.marks).toEqual([{ id: written, state: 'read' }]);
    expect(marking.mock.calls[0]?.[0]).toEqual({ chatId: 'chat', platformId: written });
  });

  it('is one, for the newest, when a message arrives and is read at once', async () => {
    const { bridge, other, clock, reads, newest } = await conversation();
    await bridge.type('one');
    const first = await newest();
    await bridge.type('two');
    const last = await bridge.type('three');
    await clock.advance(1000);
    await reads('delivered');
    await reads('read', first);
    await clock.advance(200);
    await reads('read');
    await clock.advance(5000);
    expect(bridge.marks).toEqual([{ id: last, state: 'read' }]);
    expect(other.log.filter((call) => call === 'mark')).toHaveLength(1);
  });

  it('says of one what was read, and of a later one that it arrived', async () => {
    const { bridge, clock, reads } = await conversation();
    const first = await bridge.type('one');
    await reads();
    await clock.advance(3000);
    const second = await bridge.type('two');
    await reads('delivered');
    await clock.advance(3000);
    expect(bridge.marks).toEqual([
      { id: first, state: 'read' },
      { id: second, state: 'delivered' },
    ]);
    await reads('read');
    await clock.advance(3000);
    expect(bridge.marks.at(-1)).toEqual({ id: second, state: 'read' });
  });

  it('comes with the post, where that came after the visitor had read', async () => {
    const { bridge, other, clock, reads } = await conversation();
    other.fail('post', ...Array.from({ length: 8 }, () => refusal('unavailable')));
    await bridge.type('Hi!');
    await clock.advance(1000);
    await reads();
    await clock.advance(20_000);
    expect(other.marks).toEqual([]);
    await clock.advance(600_000);
    expect(other.shown().at(-1)).toBe('Ada: Hi!');
    expect(other.marks).toEqual([{ id: other.posts.at(-1)?.id, state: 'read' }]);
  });

  it('stands beside a post that shows several messages once the newest of the team’s there was read', async () => {
    const { bridge, other, clock, reads, newest, say } = await conversation();
    other.fail('post', ...Array.from({ length: 6 }, () => refusal('unavailable')));
    await bridge.type('one');
    const first = await newest();
    await bridge.type('two');
    const second = await newest();
    await say('thanks');
    await clock.advance(600_000);
    expect(other.shown().at(-1)).toBe('Ada: one + Ada: two + thanks');
    await reads('read', first);
    await clock.advance(5000);
    expect(bridge.marks).toHaveLength(1);
    expect(other.marks).toEqual([]);
    await reads('read', second);
    await clock.advance(5000);
    expect(other.marks).toEqual([{ id: other.posts.at(-1)?.id, state: 'read' }]);
  });

  it('waits while the budget is needed, and keeps no post waiting', async () => {
    const { bridge, other, clock, reads, say } = await conversation({
      pacing: { chat: { calls: 6, perMs: 60_000 } },
    });
    await bridge.type('Hi!');
    await clock.advance(1000);
    await reads();
    await say('thanks');
    await clock.advance(5000);
    expect(other.shown().at(-1)).toBe('thanks');
    expect(other.marks).toEqual([]);
    await clock.advance(70_000);
    expect(other.marks).toEqual([
      { id: other.posts.find(({ text }) => text.includes('Hi!'))?.id, state: 'read' },
    ]);
  });

  it('that fails is tried a few times, logged, and left out; posts go on', async () => {
    const { bridge, other, clock, reads, say, logger, storage } = await conversation();
    other.fail('mark', ...Array.from({ length: 20 }, () => refusal('unauthorized')));
    await bridge.type('Hi!');
    await clock.advance(1000);
    await reads();
    await say('still here');
    await clock.advance(1000);
    expect(other.shown().at(-1)).toBe('still here');
    await clock.advance(600_000);
    expect(other.log.filter((call) => call === 'mark')).toHaveLength(3);
    expect(logger.lines.filter(({ message }) => message === 'a receipt is not shown')).toHaveLength(1);
    expect(await storage.tasks.count('receipts/other')).toBe(0);
    expect(bridge.marks).toHaveLength(1);
  });

  it('of a message that is gone is left out at once, and a busy platform is waited for', async () => {
    const { bridge, other, clock, reads, storage } = await conversation();
    bridge.fail('mark', refusal('message_gone'));
    other.fail('mark', refusal('rate_limited', { retryAfterMs: 30_000 }));
    await bridge.type('Hi!');
    await clock.advance(1000);
    await reads();
    await clock.advance(20_000);
    expect(bridge.log.filter((call) => call === 'mark')).toHaveLength(1);
    expect(await storage.tasks.count('receipts/fake')).toBe(0);
    expect(other.marks).toEqual([]);
    await clock.advance(20_000);
    expect(other.marks).toHaveLength(1);
  });

  it('is for what people said to the visitor: no note, no deleted message, nothing of the visitor', async () => {
    const { bridge, clock, reads, newest, pp, sessionId } = await conversation();
    const kept = await bridge.type('kept');
    await bridge.command('note', { args: 'between us' });
    const gone = await bridge.type('gone');
    const id = await newest();
    await bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: gone },
      at: 0,
    });
    await reads('read', id);
    await clock.advance(3000);
    expect(bridge.marks).toEqual([{ id: kept, state: 'read' }]);
    await pp.sendMessage(sessionId, { content: 'I am a bot', type: 'ai' });
    await clock.advance(1000);
    await reads();
    await clock.advance(3000);
    expect(bridge.marks.at(-1)).toEqual({ id: bridge.posts.at(-1)?.id, state: 'read' });
  });

  it('costs nothing where no bridge shows any', async () => {
    const { bridge, pp, actor, sessionId, say, clock, storage } = await begin(new FakeBridge());
    await say('hello?');
    await clock.advance(1000);
    await bridge.type('Hi!');
    const id = (await pp.getMessages(sessionId)).at(-1)?.id ?? '';
    await pp.conversation.read(actor, { sessionId, messageIds: [id], status: 'read' });
    expect(await storage.tasks.count('receipts/fake')).toBe(0);
  });
});
