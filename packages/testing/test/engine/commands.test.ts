import { readFileSync } from 'node:fs';
import { MemoryStorage, type PublicMessage, type SiteCommandCall } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, visitor } from './house.js';

/** A conversation that stands on two bridges. */
const onTwo = async (options: Parameters<typeof house>[0] = {}, other = new FakeBridge('other')) => {
  const it = await begin(new FakeBridge(), options);
  it.pp.addBridge(other);
  await it.say('hello?');
  await it.clock.advance(1000);
  return { ...it, other };
};

const lastAnswer = (bridge: FakeBridge) => bridge.answers.at(-1)?.text;

describe('a command', () => {
  it('that is unknown is answered with help, and reaches neither the visitor nor the other bridges', async () => {
    const { bridge, other, clock, pp, sessionId } = await onTwo();
    const before = other.shown();
    await bridge.command('refund', { args: 'all of it' });
    await clock.advance(0);
    expect(lastAnswer(bridge)).toMatch(/There is no command \/refund[\s\S]*\/help/);
    expect(other.shown()).toEqual(before);
    expect(await pp.getMessages(sessionId, { notes: true })).toHaveLength(1);
  });

  it.each(['!note psst', '／note psst', '! close', '//block'])(
    'typed as %s, which is words on this platform, stays with the team all the same',
    async (words) => {
      const bridge = new FakeBridge();
      const its = await begin(bridge);
      await its.say('hello?');
      await its.clock.advance(1000);
      await bridge.type(words);
      const id = await bridge.type('See /pricing! Note that it changes.');
      await bridge.type(words, { id, version: 2 });
      await its.clock.advance(1000);
      expect(bridge.answers.map(({ text }) => text)).toEqual([
        expect.stringMatching(
          /^Not delivered: this looks like a command, which is \/(note|close|block) here\.$/,
        ),
        expect.stringMatching(
          /which is \/.* What the visitor sees is the message as it was before your edit\.$/,
        ),
      ]);
      expect((await its.pp.getMessages(its.sessionId)).map(({ content }) => content)).toEqual([
        'hello?',
        'See /pricing! Note that it changes.',
      ]);
    },
  );

  it.each([
    '@PocketPing note psst',
    '@pocketping note psst',
    'PocketPing: note psst',
    'pocketping, Note psst',
    'PocketPing note psst',
    '@PocketPing !note psst',
    '＠PocketPing note psst',
    '@Chat Helper: note psst',
    'chat helper note psst',
    '@AcmeBot, note psst',
    '<@99> note psst',
    '\\note psst',
    '＼ｎｏｔｅ psst',
    '**!note psst**',
    '__!close__',
    '> !note psst',
    '||/note psst||',
    '```!note psst```',
    '• /note psst',
    '1. !note psst',
    '- [ ] !note psst',
    '*/note psst*',
    '#note psst',
    '\u200b!note psst',
    '!\u2060no\u200bte psst',
    '\u2063@\u200bPocketPing\u200b note psst',
  ])('in another manner, %j, stays with the team, also when a message is edited to it', async (words) => {
    const other = new FakeBridge('other', { prefix: '@Chat Helper ' });
    const third = new FakeBridge('third', { prefix: '#' });
    const { bridge, clock, pp, sessionId } = await onTwo({ bridges: [third] }, other);
    const id = await bridge.type('We close at six');
    await bridge.type(words);
    await bridge.type(words, { id, version: 2 });
    await clock.advance(1000);
    expect(bridge.answers).toHaveLength(2);
    for (const { text } of bridge.answers)
      expect(text).toMatch(/^Not delivered: this looks like a command, which is \/(note|close) here\./);
    expect((await pp.getMessages(sessionId)).map(({ content }) => content)).toEqual([
      'hello?',
      'We close at six',
    ]);
  });

  it.each(['@PocketPing is great', '@PocketPing', '@chat helper nota psst'])(
    'that does not exist but calls the bot, %j, is answered so',
    async (words) => {
      const other = new FakeBridge('other', { prefix: '@Chat Helper ' });
      const { bridge, clock, pp, sessionId } = await onTwo({}, other);
      await bridge.type(words);
      await clock.advance(1000);
      expect(lastAnswer(bridge)).toBe(
        'Not delivered: this looks like a command, and there is no such one. /help names those there are.',
      );
      expect(await pp.getMessages(sessionId)).toHaveLength(1);
    },
  );

  it.each([
    '! wow',
    '/pricing has it',
    '**note** the date',
    '> close to noon',
    'Note: we close at six',
    '@ada has it',
    'PocketPing is great',
    'PocketPingers note everything',
    '1. close it 2. open it',
    '-1',
    '…',
  ])('that only seems to be one, %j, is said to the visitor', async (words) => {
    const { bridge, clock, pp, sessionId } = await onTwo();
    await bridge.type(words);
    await clock.advance(1000);
    expect(bridge.answers).toEqual([]);
    expect((await pp.getMessages(sessionId)).at(-1)?.content).toBe(words);
  });

  it.each(['close', 'block', 'unblock'])(
    '%s is not done where the finger slipped and words follow',
    async (name) => {
      const { bridge, clock, pp, sessionId, storage } = await onTwo();
      const session = await storage.session(sessionId);
      await bridge.command(name, { slipped: true, args: 'the window please' });
      await clock.advance(1000);
      expect(lastAnswer(bridge)).toBe(
        `Neither done nor delivered: it is not clear what was meant. The command is /${name}, with nothing behind it.`,
      );
      expect(await storage.session(sessionId)).toEqual(session);
      expect(await storage.visitor({ id: 'vis_one' })).not.toHaveProperty('blockedAt');
      expect(await pp.getMessages(sessionId, { notes: true })).toHaveLength(1);
    },
  );

  it('is done where the finger slipped and nothing follows, or what follows matters', async () => {
    const { bridge, clock, pp, sessionId } = await onTwo();
    await bridge.command('note', { slipped: true, args: 'psst' });
    await bridge.command('close', { slipped: true });
    await clock.advance(1000);
    expect((await pp.getMessages(sessionId, { notes: true })).at(-1)?.content).toBe('psst');
    expect((await pp.getSession(sessionId))?.status).toBe('closed');
  });

  it('that is help with more words says that nobody but the team has seen them', async () => {
    const { bridge, clock, pp, sessionId } = await onTwo();
    await bridge.command('help', { args: 'is on its way' });
    await clock.advance(0);
    expect(lastAnswer(bridge)).toMatch(/^That reached no visitor: \/ begins a command\. Just type to reply/);
    expect(await pp.getMessages(sessionId, { notes: true })).toHaveLength(1);
  });

  it('that is unknown is answered with one full stop, however it was typed', async () => {
    const { bridge, clock } = await onTwo();
    await bridge.command('refund.');
    await clock.advance(0);
    expect(lastAnswer(bridge)).toMatch(/^There is no command \/refund\. Just/);
  });

  it.each(['who', 'note', 'read', 'close', 'block', 'unblock'])(
    '%s says that it needs a conversation',
    async (name) => {
      const { bridge, clock } = await onTwo();
      await bridge.command(name, { thread: null, args: 'x' });
      await clock.advance(0);
      expect(lastAnswer(bridge)).toBe(`/${name} works inside a conversation only.`);
    },
  );

  it('runs though a file came with it, and says that the file was left out', async () => {
    const { bridge, clock, pp, sessionId } = await onTwo({
      commands: [{ name: 'order', summary: 'Look an order up', run: ({ reply }) => reply('Shipped') }],
    });
    await bridge.command('note', { args: 'see this', with: 'Files' });
    await clock.advance(1000);
    expect((await pp.getMessages(sessionId, { notes: true })).at(-1)?.content).toBe('see this');
    const leftOut = 'Files cannot be passed on yet: only the words were taken.';
    expect(bridge.answers.map(({ text }) => text)).toEqual([leftOut]);
    await bridge.command('order', { with: 'Files' });
    await clock.advance(1000);
    expect(bridge.answers.map(({ text }) => text).toSorted()).toEqual([leftOut, leftOut, 'Shipped']);
  });

  it('needs a reply where there are no threads, and close is not there at all', async () => {
    const bridge = new FakeBridge('fake', { threadless: true });
    const { clock, say } = await begin(bridge);
    await say('hello?');
    await clock.advance(0);
    await bridge.command('read', { thread: null });
    await clock.advance(0);
    expect(lastAnswer(bridge)).toBe('/read works as a reply to a message of the visitor you mean.');
    await bridge.command('read', { thread: null, replyTo: bridge.posts.at(-1)?.id ?? '' });
    await bridge.command('close', { thread: null, replyTo: bridge.posts.at(-1)?.id ?? '' });
    await clock.advance(0);
    expect(bridge.answers.map(({ text }) => text.split('.')[0])).toContain('Read: the visitor sees it');
    expect(lastAnswer(bridge)).toMatch(/^There is no command \/close/);
  });
});

it('every command stands in the README', async () => {
  const readme = readFileSync(new URL('../../../core/README.md', import.meta.url), 'utf8');
  const [, table = ''] = /\n## Commands\n([\s\S]*?)\n\n[A-Z]\w+ there/.exec(readme) ?? [];
  const documented = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const { bridge } = await begin(new FakeBridge());
  const gestures = bridge.gestures.map(({ name }) => name);
  const offered = bridge.live.commands.map(({ name }) => name).filter((name) => !gestures.includes(name));
  expect(documented).toEqual(offered);
});

describe('read', () => {
  it('shows the visitor that they were read, once', async () => {
    const { bridge, clock, storage, sessionId, actor, pp } = await onTwo();
    await bridge.command('read');
    await clock.advance(0);
    expect((await storage.session(sessionId))?.operatorReadSeq).toBeGreaterThanOrEqual(2);
    const { entries } = await pp.conversation.events(
      actor,
      { sessionId, after: 0, limit: 100, wait: 0 },
      new AbortController().signal,
    );
    expect(entries.at(-1)?.event).toMatchObject({ type: 'read', data: { by: 'operator', status: 'read' } });
    await bridge.command('read');
    await clock.advance(0);
    expect(lastAnswer(bridge)).toBe('Everything the visitor wrote is read already.');
    expect((await storage.session(sessionId))?.seq).toBe(entries.at(-1)?.event.seq);
  });
});

describe('status', () => {
  it('counts the conversations that are open, however many windows say nothing', async () => {
    const { bridge, clock, pp, storage } = await onTwo();
    const counted = async () => {
      await bridge.command('status', { thread: null });
      await clock.advance(0);
      return /Open conversations: (.*)/.exec(lastAnswer(bridge) ?? '')?.[1];
    };
    for (let count = 0; count < 150; count++) await visitor({ pp }, `vis_silent_${count}`);
    expect(await counted()).toBe('1');
    const speak = async (visitorId: string) => {
      const { sessionId } = await visitor({ pp }, visitorId);
      await storage.commit({
        at: clock.now(),
        session: { id: sessionId, patch: { reachedAt: clock.now() } },
      });
    };
    for (let count = 1; count < 100; count++) await speak(`vis_${count}`);
    for (let count = 0; count < 150; count++) await visitor({ pp }, `vis_quiet_${count}`);
    expect(await counted()).toBe('100');
    await speak('vis_last');
    expect(await counted()).toBe('more than 100');
  });
});

describe('who', () => {
  it('shows the card again in that thread, as it is now', async () => {
    const { bridge, other, clock, pp, sessionId } = await onTwo();
    await pp.identify(sessionId, { name: 'Grace' });
    await clock.advance(1000);
    const before = other.shown();
    await bridge.command('who');
    await clock.advance(1000);
    expect(bridge.shown().at(-1)).toBe('card Grace');
    expect(other.shown()).toEqual(before);
    await bridge.type('hello Grace');
    await clock.advance(1000);
    expect(other.shown()).toEqual([...before, 'Ada: hello Grace']);
  });
});

describe('a private note', () => {
  const everything = async ({ pp, actor, sessionId, token }: Awaited<ReturnType<typeof onTwo>>) => {
    const query = { sessionId, after: 0, limit: 100, wait: 0 };
    const seen = JSON.stringify([
      (await pp.conversation.events(actor, query, new AbortController().signal)).entries,
      await pp.conversation.messages(actor, { sessionId, limit: 100 }),
      (await pp.conversation.connect({ visitorId: 'vis_one', sessionId }, { token })).messages,
      await pp.getMessages(sessionId),
    ]);
    return seen;
  };

  it('stands on every bridge and nowhere that a visitor, or a handler, could see it', async () => {
    const handled: PublicMessage[] = [];
    const it = await onTwo({ onMessage: (_, message) => void handled.push(message) });
    const { bridge, other, clock, pp, actor, sessionId, storage } = it;
    const followed: string[] = [];
    await pp.conversation.follow(
      actor,
      { sessionId, after: 0 },
      {
        entry: (entry) => void followed.push(JSON.stringify(entry)),
        signal: () => {},
        reset: () => {},
        end: () => {},
      },
    );
    const id = `n1`;
    await bridge.command('note', { args: 'a difficult one', id });
    await clock.advance(1000);
    expect(other.shown().at(-1)).toBe('note: Ada: a difficult one');
    expect(bridge.shown().join()).not.toContain('difficult');
    expect(bridge.answers).toEqual([]);
    expect(await everything(it)).not.toContain('difficult');
    expect(followed.join()).not.toContain('difficult');
    expect(handled.map(({ content }) => content)).toEqual(['hello?']);
    expect((await pp.getMessages(sessionId, { notes: true })).at(-1)).toMatchObject({
      content: 'a difficult one',
      isNote: true,
      senderName: 'Ada',
    });
    const session = await storage.session(sessionId);
    expect(session).toMatchObject({ operatorSeq: 0, operatorReadSeq: 0, status: 'open' });
  });

  it('is edited and deleted like what it is', async () => {
    const it = await onTwo();
    const { bridge, other, clock, pp, sessionId } = it;
    await bridge.command('note', { args: 'secret one', id: 'n1' });
    await clock.advance(1000);
    await bridge.edit('n1', 'secret two', { version: 2 });
    await clock.advance(1000);
    expect(other.shown().at(-1)).toBe('note: Ada: secret two');
    expect(lastAnswer(bridge)).toMatch(/still a note that only the team sees/);
    expect(await everything(it)).not.toContain('secret');
    await other.live.receive({
      kind: 'delete',
      operator: { id: 'bob', name: 'Bob' },
      ref: { chatId: 'chat', threadId: 't1', platformId: other.posts.at(-1)?.id ?? '' },
      asked: { chatId: 'chat', threadId: 't1', platformId: 'd1' },
      at: 0,
    });
    await clock.advance(1000);
    expect(other.shown().join()).not.toContain('secret');
    expect(lastAnswer(other)).toBe('The note is deleted.');
    const [, note] = await pp.getMessages(sessionId, { notes: true });
    expect(note).toMatchObject({ isNote: true, content: '', deletedAt: expect.any(Date) });
    const entries = await it.storage.events(sessionId, { after: 0, limit: 100 });
    const ofNote = entries.filter(({ message }) => message?.audience === 'team');
    expect(ofNote.map(({ event }) => [event.type, event.audience])).toEqual([
      ['message', 'team'],
      ['message_edited', 'team'],
      ['message_deleted', 'team'],
    ]);
  });

  it('is changed by its command, edited, and by no other', async () => {
    const it = await onTwo();
    const { bridge, other, clock, pp, sessionId } = it;
    await bridge.command('note', { args: 'alpha', id: 'n1' });
    await clock.advance(1000);
    const edited = async (version: number, name: string, args = '') => {
      await bridge.edit('n1', `/${name} ${args}`, { version, command: { name, args } });
      await clock.advance(1000);
    };
    await edited(3, 'note', 'BETA');
    await edited(2, 'note', 'an older version');
    expect(other.shown().at(-1)).toBe('note: Ada: BETA');
    expect(bridge.answers).toEqual([]);
    await edited(4, 'close');
    await edited(4, 'close');
    await edited(5, 'note');
    expect(bridge.answers.map(({ text }) => text)).toEqual([
      'Commands cannot be edited: send it as a new message. The note stays as it was before your edit.',
      'A note needs words. The note stays as it was before your edit.',
    ]);
    expect(other.shown().at(-1)).toBe('note: Ada: BETA');
    expect((await pp.getMessages(sessionId, { notes: true })).at(-1)?.content).toBe('BETA');
    expect((await pp.getSession(sessionId))?.status).toBe('open');
    expect(await everything(it)).not.toContain('BETA');
  });

  it('can be answered by a note, and what the visitor sees refers to none', async () => {
    const { bridge, other, clock, pp, sessionId } = await onTwo();
    await bridge.command('note', { args: 'first', id: 'n1' });
    await clock.advance(1000);
    const shown = other.posts.at(-1)?.id ?? '';
    await other.command('note', { args: 'second', replyTo: shown, by: 'Bob' });
    await other.type('to the visitor', { replyTo: shown });
    await pp.sendMessage(sessionId, {
      content: 'from the site',
      replyTo: (await pp.getMessages(sessionId, { notes: true }))[1]?.id ?? '',
    });
    const stranger = await visitor({ pp }, 'vis_two');
    await stranger.say('I am somebody else');
    await pp.sendMessage(sessionId, {
      content: 'from the site',
      replyTo: (await pp.getMessages(stranger.sessionId))[0]?.id ?? '',
    });
    await clock.advance(1000);
    const [, first, second, reply, site, foreign] = await pp.getMessages(sessionId, { notes: true });
    expect(second?.replyTo).toBe(first?.id);
    expect(bridge.posts.find(({ text }) => text.includes('second'))?.replyTo).toBe('n1');
    expect(reply).toMatchObject({ content: 'to the visitor' });
    expect(reply?.replyTo).toBeUndefined();
    expect(site?.replyTo).toBeUndefined();
    expect(foreign).toMatchObject({ content: 'from the site' });
    expect(foreign?.replyTo).toBeUndefined();
  });

  it('says how it is written when nothing follows it', async () => {
    const { bridge, clock } = await onTwo();
    await bridge.command('note');
    await clock.advance(0);
    expect(lastAnswer(bridge)).toBe('Write the note behind it: /note asked for a refund twice');
  });

  it('is passed over by whoever pages, however many stand together', async () => {
    const { bridge, pp, actor, token, sessionId, say } = await onTwo();
    for (let number = 0; number < 70; number++) await bridge.command('note', { args: `note ${number}` });
    const page = await pp.conversation.messages(actor, { sessionId, limit: 5 });
    expect(page.messages.map(({ content }) => content)).toEqual(['hello?']);
    expect(page.hasMore).toBe(false);
    const connected = await pp.conversation.connect({ visitorId: 'vis_one', sessionId }, { token });
    expect(connected.messages.map(({ content }) => content)).toEqual(['hello?']);
    expect(connected.hasMore).toBe(false);
    await say('still there?');
    await say('hm');
    const after = await pp.conversation.messages(actor, { sessionId, limit: 2, after: '0' });
    expect(after.messages.map(({ content }) => content)).toEqual(['hello?', 'still there?']);
    expect(after.hasMore).toBe(true);
    const before = await pp.conversation.messages(actor, {
      sessionId,
      limit: 2,
      before: after.messages[1]?.id ?? '',
    });
    expect(before).toMatchObject({ messages: [{ content: 'hello?' }], hasMore: false });
  });

  it('looks like one in the recap of a lost thread', async () => {
    const { bridge, other, clock, say } = await onTwo();
    await bridge.command('note', { args: 'careful' });
    await clock.advance(1000);
    other.threads.splice(0);
    await say('anybody?');
    await clock.advance(1000);
    expect(other.shown()).toContain('recap hello? | note: careful');
  });
});

describe("a site's own command", () => {
  const command = (run: (call: SiteCommandCall) => unknown) => [
    { name: 'order', summary: 'Look an order up', inConversation: true, run },
  ];

  it('is given what it needs, and answers where it was typed', async () => {
    const calls: SiteCommandCall[] = [];
    const { bridge, other, clock, sessionId, pp } = await onTwo({
      commands: command(async (call) => {
        calls.push(call);
        await call.reply(`Order ${call.args}: shipped`);
        await call.reply('Yesterday');
      }),
    });
    expect(bridge.live.commands).toContainEqual({ name: 'order', summary: 'Look an order up' });
    await bridge.command('order', { args: '17' });
    await clock.advance(60_000);
    expect(calls[0]).toMatchObject({
      session: { id: sessionId, visitorId: 'vis_one' },
      operator: { id: 'ada', name: 'Ada', bridge: 'fake' },
      args: '17',
    });
    expect(bridge.answers.map(({ text }) => text)).toEqual(['Order 17: shipped', 'Yesterday']);
    expect(other.answers).toEqual([]);
    expect(await pp.getMessages(sessionId, { notes: true })).toHaveLength(1);
    await bridge.command('order', { thread: null });
    await clock.advance(60_000);
    expect(lastAnswer(bridge)).toBe('/order works inside a conversation only.');
    expect(calls).toHaveLength(1);
  });

  it('runs once, however often the platform delivers it, and may say nothing', async () => {
    const run = vi.fn();
    const { bridge, clock } = await onTwo({ commands: command(run) });
    await Promise.all([1, 2, 3].map(() => bridge.command('order', { id: 'c1' })));
    await bridge.command('order', { id: 'c1' });
    await clock.advance(60_000);
    expect(run).toHaveBeenCalledTimes(1);
    expect(bridge.answers).toEqual([]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the database password is wrong'))],
    ['replies nothing', (call: SiteCommandCall) => call.reply('  ')],
    ['replies what is no text', (call: SiteCommandCall) => call.reply(7 as unknown as string)],
  ])('that %s is logged, and the operator is told no more than that', async (_, run) => {
    const { bridge, clock, logger } = await onTwo({ commands: command(run) });
    await bridge.command('order');
    await clock.advance(60_000);
    expect(bridge.answers.map(({ text }) => text)).toEqual(['/order failed. The log of the site says why.']);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('that does not end, or whose process ends, is told of', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { bridge } = await onTwo({ clock, storage, commands: command(() => new Promise(() => {})) });
    await bridge.command('order');
    await clock.advance(29_000);
    expect(bridge.answers).toEqual([]);
    await clock.advance(3000);
    expect(lastAnswer(bridge)).toBe('/order has not finished. It may or may not have been done.');
  });

  it('answers at length, as far as a platform shows it', async () => {
    const { bridge, clock } = await onTwo({
      commands: command(({ reply }) => reply(`${'x'.repeat(1498)}👍👍`)),
    });
    await bridge.command('order');
    await clock.advance(0);
    expect(lastAnswer(bridge)).toBe(`${'x'.repeat(1498)}…`);
  });

  it.each([
    [{ name: 'Order' }, 'the name "Order" must be'],
    [{ name: '' }, 'the name "" must be'],
    [{ name: 'a b' }, 'the name "a b" must be'],
    [{ name: 'x'.repeat(33) }, 'must be 1 to 32'],
    [{ name: 'note' }, 'there is a command note already'],
    [{ name: 'help' }, 'there is a command help already'],
    [{ name: 'second' }, 'there is a command second already'],
    [{ summary: ' ' }, 'the summary of order must be'],
    [{ summary: 'one\ntwo' }, 'the summary of order must be'],
    [{ summary: 'x'.repeat(101) }, 'the summary of order must be'],
    [{ run: 7 }, 'run of order must be a function'],
  ])('is refused when it could not work: %o', (change, problem) => {
    const second = { name: 'second', summary: 'Another', run: () => {} };
    const wrong = { name: 'order', summary: 'One', run: () => {}, ...change } as typeof second;
    expect(() => house({ commands: [second, wrong] })).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        message: expect.stringContaining(`commands[1]: `),
      }),
    );
    expect(() => house({ commands: [second, wrong] })).toThrow(problem);
  });

  it('is refused where a bridge understands something else by it', () => {
    const commands = [{ name: 'delete', summary: 'Delete the order', run: () => {} }];
    expect(() => house({ commands, bridge: new FakeBridge() })).toThrow(
      'The command delete means something on the bridge fake already',
    );
  });
});

it('two visitors have nothing to do with each other', async () => {
  const it = await onTwo();
  const second = await visitor(it, 'vis_two');
  await second.say('me too');
  await it.clock.advance(1000);
  const [first] = it.bridge.threads;
  await it.bridge.command('note', { thread: first?.id ?? '', args: 'about the first' });
  await it.clock.advance(1000);
  expect(it.other.shown(it.other.threads[0]?.id).at(-1)).toBe('note: Ada: about the first');
  expect(it.other.shown(it.other.threads[1]?.id)).toEqual(['card vis_two', 'me too']);
});
