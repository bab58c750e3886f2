import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, type House, house, visitor } from './house.js';

const conversation = async (options: Parameters<typeof house>[0] = {}) => {
  const bridge = new FakeBridge();
  const it = house({ bridge, ...options });
  await it.pp.start();
  const guest = await visitor(it);
  await guest.say('hello?');
  await it.clock.advance(0);
  return { ...it, ...guest, bridge };
};

const contents = async ({ pp }: Pick<House, 'pp'>, sessionId: string) =>
  (await pp.getMessages(sessionId)).map(({ sender, content }) => `${sender}: ${content}`);

describe('replying', () => {
  it('is typing in the thread', async () => {
    const { pp, bridge, sessionId, actor } = await conversation();
    await bridge.type('Hi, how can I help?');
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?', 'operator: Hi, how can I help?']);
    const { messages } = await pp.conversation.messages(actor, { sessionId, limit: 10 });
    expect(messages[1]?.author).toEqual({ kind: 'operator', id: 'ada', name: 'Ada', via: 'fake' });
  });

  it('is not echoed to where it came from, and reaches every other bridge', async () => {
    const other = new FakeBridge('other');
    const { bridge, clock, pp } = await conversation();
    pp.addBridge(other);
    await clock.advance(0);
    await bridge.type('Hi!');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello?']);
    expect(other.shown()).toEqual(['card vis_one', 'hello?', 'Ada: Hi!']);
  });

  it('happens once, however often the platform delivers it', async () => {
    const { pp, bridge, sessionId } = await conversation();
    await Promise.all([1, 2, 3].map(() => bridge.type('once', { id: 'm1' })));
    await bridge.type('once', { id: 'm1' });
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?', 'operator: once']);
  });

  it('marks what came before as read, and counts as an answer', async () => {
    const { storage, bridge, sessionId } = await conversation();
    await bridge.type('one');
    const first = await storage.session(sessionId);
    expect(first?.operatorReadSeq).toBeGreaterThan(0);
    expect(first?.operatorSeq).toBe(first?.seq);
    await bridge.type('two');
    expect(await storage.session(sessionId)).toMatchObject({ seq: (first?.seq ?? 0) + 1 });
  });

  it('answers a visitor’s message natively where the platform says so', async () => {
    const { bridge, storage, sessionId, clock, say } = await conversation();
    const post = bridge.posts.at(-1);
    await bridge.type('to you', { replyTo: post?.id ?? '' });
    const [question, reply] = await storage.messages(sessionId, { limit: 2 });
    expect(reply?.replyTo).toBe(question?.id);
    await say('and back', { replyTo: reply?.id ?? '' });
    await clock.advance(0);
    expect(bridge.posts.at(-1)?.replyTo).toMatch(/^in/);
  });

  it('says so when it reaches nobody', async () => {
    const { pp, bridge, actor, sessionId, clock } = await conversation();
    await bridge.type('anybody?', { thread: 'elsewhere' });
    await bridge.live.receive({
      kind: 'message',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: 'photo' },
      at: 0,
      version: 1,
      content: 'look',
      undeliverable: 'Photos',
    });
    await pp.conversation.leave(actor, sessionId);
    await bridge.type('wait');
    await clock.advance(0);
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      'Not delivered: no conversation belongs to this place.',
      'Not delivered: Photos cannot be delivered yet. The visitor has not seen this message.',
      'Not delivered: the visitor has ended this conversation.',
    ]);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
  });

  it('reopens a closed session', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await bridge.command('close');
    await clock.advance(0);
    expect(bridge.threads[0]?.closed).toBe(true);
    await bridge.type('one more thing');
    await clock.advance(0);
    expect((await pp.getSession(sessionId))?.status).toBe('open');
    expect(bridge.threads[0]?.closed).toBe(false);
  });
});

describe('editing', () => {
  const edit = (bridge: FakeBridge, id: string, content: string, version: number, sentAt?: number) =>
    bridge.edit(id, content, {
      version,
      ...(sentAt !== undefined && { sentAt }),
      ...(content === '/close' && { command: { name: 'close', args: '' } }),
    });

  it('changes the message, and an older version loses', async () => {
    const { pp, bridge, sessionId } = await conversation();
    const id = await bridge.type('frist', { version: 1 });
    await edit(bridge, id, 'first', 3);
    await edit(bridge, id, 'fisrt', 2);
    await edit(bridge, id, 'first', 3);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?', 'operator: first']);
  });

  it('creates an unknown message only when it is minutes old', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await edit(bridge, 'late', 'overtaken by its edit', 5);
    await bridge.type('overtaken by its edti', { id: 'late', version: 4 });
    await edit(bridge, 'ancient', 'from before', 5, clock.now() - 60 * 60_000);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?', 'operator: overtaken by its edit']);
  });

  it('never turns a command into words for the visitor', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    const id = await bridge.type('hello');
    await edit(bridge, id, '/close', 2);
    await bridge.command('clsoe', { id: 'c1' });
    await edit(bridge, 'c1', '/close', 2);
    await clock.advance(0);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?', 'operator: hello']);
    expect(bridge.answers.map(({ text }) => text).filter((text) => !text.startsWith('There is'))).toEqual([
      'Commands cannot be edited: send it as a new message. What the visitor sees is the message as it was before your edit.',
      'Commands cannot be edited: send it as a new message. Nothing was changed for the visitor.',
    ]);
  });
});

describe('a command that is edited', () => {
  const asks = (bridge: FakeBridge, id: string) =>
    bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: 'nothing' },
      at: bridge.live.clock.now(),
      asked: { chatId: 'chat', threadId: 't1', platformId: id },
    });

  it.each([
    ['block', (bridge: FakeBridge) => bridge.command('block', { id: 'c' })],
    ['status', (bridge: FakeBridge) => bridge.command('status', { id: 'c' })],
    ['what nobody knows', (bridge: FakeBridge) => bridge.command('dance', { id: 'c' })],
    ['a gesture', (bridge: FakeBridge) => asks(bridge, 'c')],
  ])('into words is still none for the visitor: %s', async (_, command) => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await command(bridge);
    await bridge.command('unblock');
    await clock.advance(1000);
    bridge.answers.length = 0;
    for (const version of [2, 2, 3]) {
      await bridge.edit('c', 'a nuisance, this one', { version, sentAt: clock.now() - 1000 });
      await clock.advance(1000);
    }
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Commands cannot be edited/),
      expect.stringMatching(/^Commands cannot be edited/),
    ]);
  });
});

describe('deleting', () => {
  const remove = (bridge: FakeBridge, id: string, asked?: string, more: { isPersons?: true } = {}) =>
    bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: id },
      at: bridge.live.clock.now(),
      ...(asked && { asked: { chatId: 'chat', threadId: 't1', platformId: asked } }),
      ...more,
    });

  it('takes the team’s message away from the visitor and tells who asked', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    const id = await bridge.type('oops');
    await remove(bridge, id, 'ask');
    await remove(bridge, id, 'ask');
    await clock.advance(0);
    expect((await pp.getMessages(sessionId)).at(-1)).toMatchObject({
      content: '',
      deletedAt: expect.any(Date),
    });
    expect(bridge.answers.map(({ text }) => text)).toEqual(['Deleted for the visitor.']);
  });

  it('leaves the visitor’s own words alone', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await remove(bridge, bridge.posts.at(-1)?.id ?? '', 'ask');
    await remove(bridge, 'nothing', 'ask2');
    await clock.advance(0);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      'Not deleted: this is the visitor’s own message.',
      'Nothing to delete: that message was never sent to a visitor.',
    ]);
  });

  it('of a message that has not arrived yet keeps it unsaid', async () => {
    const { pp, bridge, sessionId } = await conversation();
    await remove(bridge, 'late');
    await bridge.type('too late', { id: 'late' });
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
  });

  it('of a message that has not arrived yet is kept where it was asked for, too, and what was said of it stays true', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await remove(bridge, 'late', 'ask', { isPersons: true });
    await bridge.type('too late', { id: 'late' });
    await bridge.edit('late', 'still too late', { version: 2, sentAt: clock.now() - 1000 });
    await remove(bridge, 'late', 'ask');
    await clock.advance(0);
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      'Nothing to delete: that message was never sent to a visitor.',
    ]);
  });

  it('is possible for a post whose deletion was asked for before its link was there', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    const next = (bridge.posts.at(-1)?.id ?? '').replace(/\d+/, (number) => String(Number(number) + 1));
    await remove(bridge, next, 'early');
    await pp.sendMessage(sessionId, { content: 'from the site', type: 'operator' });
    await clock.advance(0);
    expect(bridge.posts.at(-1)?.id).toBe(next);
    await remove(bridge, next, 'ask');
    await clock.advance(0);
    expect(bridge.answers.at(-1)?.text).toBe('Deleted for the visitor.');
  });
});

describe('commands', () => {
  it('show who is online', async () => {
    const { pp, bridge, clock } = await conversation();
    expect(await pp.conversation.presence()).toEqual({ online: false, operators: [] });
    await bridge.command('online', { thread: null });
    expect(await pp.conversation.presence()).toEqual({ online: true, operators: ['Ada'] });
    await bridge.command('status');
    await bridge.command('offline');
    await clock.advance(0);
    expect(await pp.conversation.presence()).toEqual({ online: false, operators: [] });
    expect(bridge.answers[1]?.text).toBe('Online: Ada\nOpen conversations: 1\nThis conversation: open');
  });

  it('are answered with help when nobody knows them, and never reach the visitor', async () => {
    const { pp, bridge, sessionId, clock } = await conversation();
    await bridge.command('dance');
    await bridge.command('help');
    await bridge.command('close', { thread: null });
    await bridge.command('delete');
    await clock.advance(0);
    const [unknown, help, close, gesture] = bridge.answers.map(({ text }) => text);
    expect(unknown).toContain('There is no command /dance.');
    for (const name of ['/online', '/offline', '/status', '/close', '/help', '/delete'])
      expect(help).toContain(name);
    expect(help).toContain(
      '/note: Leave a note that only the team sees, e.g. /note asked for a refund twice\n',
    );
    expect(gesture).toBe('/delete: Reply with it to your message');
    expect(close).toBe('/close works inside a conversation only.');
    expect(await contents({ pp }, sessionId)).toEqual(['visitor: hello?']);
  });

  it('close the session and the thread, once', async () => {
    const { pp, bridge, sessionId, clock, say } = await conversation();
    await Promise.all([bridge.command('close', { id: 'c' }), bridge.command('close', { id: 'c' })]);
    await bridge.command('close');
    await clock.advance(0);
    expect((await pp.getSession(sessionId))?.status).toBe('closed');
    expect(bridge.shown().filter((text) => text === 'closed by Ada')).toHaveLength(1);
    expect(bridge.answers.map(({ text }) => text)).toEqual(['This conversation is closed already.']);
    await say('wait!');
    await clock.advance(0);
    expect(bridge.threads[0]?.closed).toBe(false);
    expect(bridge.shown().at(-1)).toBe('wait!');
  });
});

describe('presence', () => {
  it('is implied by a reply, for a while, and told to who is connected', async () => {
    const { pp, bridge, clock, actor, sessionId } = await conversation();
    const told: boolean[] = [];
    const following = await pp.conversation.follow(
      actor,
      { sessionId, after: 0 },
      {
        entry: () => {},
        signal: (signal) => void (signal.type === 'presence' && told.push(signal.presence.online)),
        reset: () => {},
        end: () => {},
      },
    );
    await bridge.type('here');
    expect(told).toEqual([true]);
    await clock.advance(16 * 60_000);
    expect(told).toEqual([true, false]);
    following.close();
  });

  it('stays off for somebody who said so', async () => {
    const { pp, bridge } = await conversation();
    await bridge.command('offline');
    await bridge.type('just one answer');
    expect((await pp.conversation.presence()).online).toBe(false);
  });
});

describe('a platform that repeats our own post to us', () => {
  it('changes nothing', async () => {
    const { bridge, clock, say, pp, sessionId } = await begin();
    await say('hello');
    await clock.advance(0);
    const own = bridge.posts.at(-1)!;
    await bridge.type('hello', { id: own.id, thread: own.threadId, version: 99 });
    await bridge.edit(own.id, 'changed', { version: 100, thread: own.threadId });
    expect(await pp.getMessages(sessionId)).toMatchObject([{ content: 'hello' }]);
  });
});
