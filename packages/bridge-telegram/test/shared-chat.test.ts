import type { InboundMessage } from '@pocketping/core';
import { call, eventually } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { card, emulatedChats, postCall } from './emulated.js';

const part = (text: string) => ({ markup: text, plain: text });

describe('starting in a chat without topics', () => {
  it.each(['private', 'group', 'supergroup'] as const)('works in a %s chat', async (type) => {
    const { telegram, bridge, host, chatIds } = await emulatedChats([{ type }]);
    await bridge.start(host);
    const { params } = await telegram.waitForCall(({ method }) => method === 'setMyCommands');
    expect(params).toMatchObject({ scope: { type: 'chat', chat_id: chatIds[0] } });
  });

  it('says what a bot hears in a group in which it is no administrator', async () => {
    const { bridge, host, logger } = await emulatedChats([{ type: 'group' }]);
    await bridge.start(host);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'info', message: expect.stringContaining('/setprivacy') }),
    );
  });

  it.each([
    ['an administrator', { type: 'group', bot: 'administrator' }, {}],
    ['without privacy mode', { type: 'group' }, { privacy: false }],
    ['in a person’s chat', { type: 'private' }, {}],
  ] as const)('has nothing to say where it hears everything: %s', async (_, chat, options) => {
    const { bridge, host, logger } = await emulatedChats([chat], {}, options);
    await bridge.start(host);
    expect(logger.lines.filter(({ level }) => level === 'info')).toEqual([]);
  });

  it('needs a chat that is there', async () => {
    const { bridge, host } = await emulatedChats([], { chatIds: '-4099999' });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('-4099999'),
    });
  });

  it('needs a person who has not stopped the bot', async () => {
    const { telegram, bridge, host, chatIds } = await emulatedChats([
      { type: 'private', person: { name: 'Ada' } },
    ]);
    telegram
      .operator({ name: 'Ada' })
      .in(chatIds[0] as string)
      .removeBot();
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/stopped the bot.*"Restart"/),
    });
  });

  it('needs to be in the group', async () => {
    const { telegram, bridge, host, chatIds } = await emulatedChats([{ type: 'group' }]);
    telegram.setBotMembership({ status: 'left' }, chatIds[0]);
    await expect(bridge.start(host)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is not for a group with topics', async () => {
    const { bridge, host, chatIds } = await emulatedChats([{ type: 'supergroup', forum: true }]);
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(`set forumChatId to "${chatIds[0]}"`),
    });
  });
});

describe('what the team does in a chat without topics', () => {
  it('reaches the bridge from a person’s chat also when it answers nothing', async () => {
    const { telegram, bridge, host, received, chatIds } = await emulatedChats([
      { type: 'private', person: { name: 'Ada' } },
    ]);
    await bridge.start(host);
    telegram
      .operator({ name: 'Ada' })
      .in(chatIds[0] as string)
      .say('Hello?');
    await eventually(() => expect(received).toMatchObject([{ kind: 'message', content: 'Hello?' }]));
    expect((received[0] as InboundMessage).replyTo).toBeUndefined();
  });

  it('may be its own affair in a group', async () => {
    const { telegram, bridge, host, received, chatIds } = await emulatedChats([
      { type: 'group', bot: 'administrator' },
    ]);
    await bridge.start(host);
    const ada = telegram.operator({ name: 'Ada' }).in(chatIds[0] as string);
    ada.say('Lunch?');
    ada.say('/status');
    await eventually(() =>
      expect(received).toMatchObject([
        { kind: 'message', content: 'Lunch?', aside: true },
        { kind: 'command', name: 'status' },
      ]),
    );
  });

  it('is answered in its chat', async () => {
    const { telegram, bridge, host, received, chatIds } = await emulatedChats([{ type: 'group' }]);
    await bridge.start(host);
    const chat = telegram.chat(chatIds[0] as string);
    const asked = telegram.operator({ name: 'Ada' }).in(chat.id).say('/help');
    await eventually(() => expect(received).toHaveLength(1));
    await bridge.answer(received[0]?.ref as never, 'All is well', call());
    expect(chat.messages().at(-1)).toMatchObject({ text: 'All is well', replyTo: { id: asked.id } });
  });
});

describe('several chats', () => {
  it('share one poll, and each hears what is its own', async () => {
    const { telegram, all, chatIds } = await emulatedChats([
      { type: 'private', person: { name: 'Ada' } },
      { type: 'group', bot: 'administrator' },
    ]);
    for (const { bridge, host } of all) await bridge.start(host);
    for (const chatId of chatIds) telegram.operator({ name: 'Ada' }).in(chatId).say('/status');
    await eventually(() => {
      expect(all.map(({ received }) => received.map(({ ref }) => ref.chatId))).toEqual(
        chatIds.map((chatId) => [chatId]),
      );
    });
    expect(all.flatMap(({ broken }) => broken)).toEqual([]);
  });

  it('go on when one of them stops, and end with the last', async () => {
    const { telegram, all, chatIds } = await emulatedChats([{ type: 'group' }, { type: 'group' }]);
    const [first, second] = all as [(typeof all)[number], (typeof all)[number]];
    for (const { bridge, host } of all) await bridge.start(host);
    await first.bridge.stop();
    telegram
      .operator({ name: 'Ada' })
      .in(chatIds[1] as string)
      .say('/status');
    await eventually(() => expect(second.received).toHaveLength(1));
    await second.bridge.stop();
    const polls = telegram.calls.filter(({ method }) => method === 'getUpdates').length;
    telegram
      .operator({ name: 'Ada' })
      .in(chatIds[1] as string)
      .say('/help');
    await first.bridge.start(first.host);
    await telegram.waitForCall(
      () => telegram.calls.filter(({ method }) => method === 'getUpdates').length > polls,
    );
  });

  it('confirm nothing of one that has not started yet', async () => {
    const { telegram, all, chatIds } = await emulatedChats([{ type: 'group' }, { type: 'group' }]);
    const [first, second] = all as [(typeof all)[number], (typeof all)[number]];
    const ada = telegram.operator({ name: 'Ada' });
    ada.in(chatIds[1] as string).say('/status');
    ada.in(chatIds[0] as string).say('/help');
    await first.bridge.start(first.host);
    await eventually(() => {
      expect(first.logger.lines).toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('tried again') }),
      );
    });
    expect([first.received, second.received]).toEqual([[], []]);
    await second.bridge.start(second.host);
    await eventually(() => {
      expect(second.received).toMatchObject([{ name: 'status' }]);
      expect(first.received).toMatchObject([{ name: 'help' }]);
    });
  });

  it('hear each other’s people even while one of them cannot start', async () => {
    const { telegram, all, chatIds } = await emulatedChats([{ type: 'group' }, { type: 'group' }]);
    const [first, second] = all as [(typeof all)[number], (typeof all)[number]];
    telegram.fault({ kind: 'refuse', method: 'getChat', description: 'Bad Request: chat not found' });
    await expect(first.bridge.start(first.host)).rejects.toMatchObject({ code: 'misconfigured' });
    await second.bridge.start(second.host);
    const ada = telegram.operator({ name: 'Ada' });
    ada.in(chatIds[0] as string).say('/help');
    ada.in(chatIds[1] as string).say('/status');
    await eventually(() => {
      expect(first.received).toMatchObject([{ name: 'help' }]);
      expect(second.received).toMatchObject([{ name: 'status' }]);
    });
  });

  it('all learn that the connection does not work, and that it does again', async () => {
    const { telegram, all } = await emulatedChats([{ type: 'group' }, { type: 'group' }]);
    for (const { bridge, host } of all) await bridge.start(host);
    await telegram.waitForCall(({ method }) => method === 'getUpdates');
    await fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getUpdates?timeout=0`);
    await eventually(() => {
      for (const { broken, healed } of all) {
        expect(broken).toMatchObject([{ code: 'misconfigured' }]);
        expect(healed).toEqual([1]);
      }
    });
  });
});

describe('a group that becomes a supergroup', () => {
  const started = async ({ deaf = false } = {}) => {
    const world = await emulatedChats([{ type: 'group', bot: 'administrator' }]);
    if (deaf) world.telegram.fault({ kind: 'timeout_before', method: 'getUpdates', delayMs: 60_000 });
    await world.bridge.start(world.host);
    const thread = await world.bridge.open(card, call());
    return { ...world, thread, oldId: world.chatIds[0] as string };
  };
  const warnings = (lines: readonly { level: string; message: string }[]) =>
    lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  it('is followed from the first call that it refuses, and gets a new thread', async () => {
    // No update tells of it.
    const { telegram, bridge, thread, oldId, logger } = await started({ deaf: true });
    const newId = telegram.migrate(oldId);
    await expect(bridge.post(thread, part('hello'), postCall)).rejects.toMatchObject({ code: 'thread_gone' });
    const next = await bridge.open(card, call());
    expect(next).toEqual({ chatId: newId, threadId: thread.threadId });
    const posted = await bridge.post(next, part('hello'), postCall);
    expect(posted.chatId).toBe(newId);
    expect(telegram.chat(newId).messages().at(-1)?.text).toBe('hello');
    expect(warnings(logger.lines)).toEqual([expect.stringContaining(`has become the supergroup ${newId}`)]);
  });

  it('is followed as soon as Telegram says so there', async () => {
    const { telegram, bridge, oldId, received } = await started();
    const newId = telegram.migrate(oldId);
    telegram.operator({ name: 'Ada' }).in(newId).say('/status');
    await eventually(() => expect(received).toMatchObject([{ name: 'status', ref: { chatId: newId } }]));
    expect(await bridge.open(card, call())).toMatchObject({ chatId: newId });
  });

  it('leaves its old posts as they are', async () => {
    const { telegram, bridge, thread, oldId } = await started();
    const posted = await bridge.post(thread, part('hello'), postCall);
    telegram.migrate(oldId);
    const edit = () => bridge.editing.edit(posted, part('changed'), { ...call(), plain: false });
    await expect(edit()).rejects.toMatchObject({ code: 'message_gone' });
    const calls = telegram.calls.length;
    await expect(edit()).rejects.toMatchObject({ code: 'message_gone' });
    await expect(bridge.editing.remove(posted, call())).rejects.toMatchObject({ code: 'message_gone' });
    expect(telegram.calls.length).toBe(calls);
  });

  it('is answered where it is now', async () => {
    const { telegram, bridge, oldId, received } = await started();
    telegram.operator({ name: 'Ada' }).in(oldId).say('/help');
    await eventually(() => expect(received).toHaveLength(1));
    telegram.fault({ kind: 'timeout_before', method: 'getUpdates', times: 100, delayMs: 60_000 });
    const newId = telegram.migrate(oldId);
    await bridge.answer(received[0]?.ref as never, 'Here', call());
    expect(telegram.chat(newId).messages().at(-1)?.text).toBe('Here');
    await bridge.answer(received[0]?.ref as never, 'And here', call());
    expect(telegram.chat(newId).messages().at(-1)?.text).toBe('And here');
  });

  it('is found when PocketPing starts with its old id, each time', async () => {
    const { telegram, bridge, host, chatIds, logger } = await emulatedChats([
      { type: 'group', bot: 'administrator' },
    ]);
    const newId = telegram.migrate(chatIds[0] as string);
    await bridge.start(host);
    expect(await bridge.open(card, call())).toMatchObject({ chatId: newId });
    expect(warnings(logger.lines)).toHaveLength(1);
    expect(telegram.calls.findLast(({ method }) => method === 'setMyCommands')?.params).toMatchObject({
      scope: { chat_id: newId },
    });
  });
});

describe('posting in a chat without topics', () => {
  it('empties a message that Telegram does not delete any more, and it still says whose it was', async () => {
    const { telegram, bridge, host, received, chatIds } = await emulatedChats([{ type: 'group' }]);
    await bridge.start(host);
    const chat = telegram.chat(chatIds[0] as string);
    const thread = await bridge.open(card, call());
    const posted = await bridge.post(thread, part('secret'), postCall);
    telegram.fault({
      kind: 'refuse',
      method: 'deleteMessage',
      description: "Bad Request: message can't be deleted",
    });
    await bridge.editing.remove(posted, call());
    expect(chat.message(Number(posted.platformId))?.text).toBe('↩️ Deleted');
    telegram
      .operator({ name: 'Ada' })
      .in(chat.id)
      .say('What was it?', { replyTo: Number(posted.platformId) });
    await eventually(() => expect(received).toMatchObject([{ ref: { threadId: card.sessionId } }]));
  });

  it('is misconfigured when the group got topics and General is closed, and loses nothing', async () => {
    const { telegram, bridge, host, chatIds } = await emulatedChats([{ type: 'supergroup' }]);
    await bridge.start(host);
    const chatId = chatIds[0] as string;
    const thread = await bridge.open(card, call());
    telegram.setForum(chatId, true);
    telegram.operator({ name: 'Ada' }).in(chatId).closeTopic(1);
    await expect(bridge.post(thread, part('hello'), postCall)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('forumChatId'),
    });
  });
});
