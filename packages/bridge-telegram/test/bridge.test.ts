import type { Inbound, MessageRef } from '@pocketping/core';
import { call, eventually, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { card, emulated, postCall } from './emulated.js';

const part = (text: string) => ({ markup: text, plain: text });

describe('starting', () => {
  it('offers what the engine says can be typed, its own gesture with it', async () => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    const { params } = await telegram.waitForCall(({ method }) => method === 'setMyCommands');
    expect(params).toMatchObject({
      commands: host.commands.map(({ name, summary }) => ({ command: name, description: summary })),
      scope: { type: 'chat', chat_id: telegram.forumChatId },
    });
    expect(bridge.gestures).toMatchObject([{ name: 'delete' }]);
  });

  it('polls for messages and edits, held for 25 seconds', async () => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    const { params } = await telegram.waitForCall(({ method }) => method === 'getUpdates');
    expect(params).toMatchObject({ timeout: 25, allowed_updates: ['message', 'edited_message'] });
  });

  it('needs a token that Telegram knows', async () => {
    const { bridge, host } = await emulated({ botToken: '1:wrong' });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('@BotFather'),
    });
  });

  it('needs a group that is there', async () => {
    const { bridge, host } = await emulated({ forumChatId: '-1009999999999' });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('-1009999999999'),
    });
  });

  it('needs the right to manage topics', async () => {
    const { telegram, bridge, host } = await emulated();
    telegram.setBotMembership({ can_manage_topics: false });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/@pocketping_bot may not create topics.*"Manage Topics"/),
    });
  });

  it('needs to be in the group', async () => {
    const { telegram, bridge, host } = await emulated();
    telegram.setBotMembership({ status: 'kicked' });
    await expect(bridge.start(host)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('does without the right to delete, and says what that means', async () => {
    const { telegram, bridge, host, logger } = await emulated();
    telegram.setBotMembership({ can_delete_messages: false });
    await bridge.start(host);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('Delete Messages') }),
    );
  });

  it.each(['reset', 'server_error', 'bad_gateway_html'] as const)('is tried again after %s', async (kind) => {
    const { telegram, bridge, host } = await emulated();
    telegram.fault({ kind, method: 'getMe' });
    await expect(bridge.start(host)).rejects.toMatchObject({ code: 'unavailable' });
    await bridge.start(host);
  });

  it('goes on when Telegram does not take the menu', async () => {
    const { telegram, bridge, host, logger } = await emulated();
    telegram.fault({
      kind: 'refuse',
      method: 'setMyCommands',
      description: 'Bad Request: BOT_COMMAND_INVALID',
    });
    await bridge.start(host);
    expect(logger.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it('can be stopped before it is done', async () => {
    const { telegram, bridge, host } = await emulated();
    telegram.fault({ kind: 'slow', method: 'getChat', delayMs: 60_000 });
    const starting = expect(bridge.start(host)).rejects.toMatchObject({ code: 'unavailable' });
    await telegram.waitForCall(({ method }) => method === 'getMe');
    await bridge.stop();
    await starting;
    expect(telegram.calls.some(({ method }) => method === 'getUpdates')).toBe(false);
  });

  it('can be stopped in its last moment', async () => {
    const { telegram, bridge, host } = await emulated();
    telegram.fault({
      kind: 'refuse',
      method: 'setMyCommands',
      description: 'Bad Request: BOT_COMMAND_INVALID',
    });
    const logger = { ...host.logger, warn: () => void bridge.stop() };
    await expect(bridge.start({ ...host, logger })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('never lets the token out', async () => {
    const { telegram, bridge, host, logger } = await emulated();
    telegram.fault({ kind: 'bad_gateway_html', method: 'getMe' });
    const error: unknown = await bridge.start(host).catch((reason: unknown) => reason);
    telegram.fault({ kind: 'reset', method: 'getUpdates', times: 3 });
    await bridge.start(host);
    await eventually(() => expect(logger.lines.some(({ message }) => message.includes('failed'))).toBe(true));
    const told = [error, (error as Error).cause, ...logger.lines.map(({ fields }) => fields.err)];
    const secret = telegram.botToken.split(':')[1] as string;
    for (const each of told)
      expect(`${(each as Error)?.stack} ${JSON.stringify(each)}`).not.toContain(secret);
  });
});

describe('listening', () => {
  const received = async (inbounds: readonly Inbound[], count: number) => {
    await eventually(() => expect(inbounds.length).toBeGreaterThanOrEqual(count));
    return inbounds;
  };

  it('hears commands in General and ignores the talk there', async () => {
    const { telegram, bridge, host, received: inbounds } = await emulated();
    await bridge.start(host);
    const ada = telegram.operator({ name: 'Ada' });
    ada.typeInGeneral('Lunch?');
    const asked = ada.typeInGeneral('/status now');
    expect(await received(inbounds, 1)).toMatchObject([{ kind: 'command', name: 'status', args: 'now' }]);
    const ref = inbounds[0]?.ref as MessageRef;
    expect(ref.threadId).toBeUndefined();
    await bridge.answer(ref, 'All is well', call());
    const answer = await telegram.waitForMessage(({ text }) => text === 'All is well');
    expect(answer).toMatchObject({ topicId: 1, replyTo: { id: asked.id } });
  });

  it('hears the closing of a topic by hand, and not its own', async () => {
    const { telegram, bridge, host, received: inbounds } = await emulated();
    await bridge.start(host);
    const [one, other] = [await bridge.open(card, call()), await bridge.open(card, call())];
    await bridge.closing?.close(one, call());
    telegram.operator({ name: 'Ada' }).closeTopic(Number(other.threadId));
    expect(await received(inbounds, 1)).toMatchObject([{ kind: 'command', name: 'close', ref: other }]);
  });

  it('hands over the largest size of a photo', async () => {
    const { telegram, bridge, host, received: inbounds } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    telegram.operator({ name: 'Ada' }).sendPhoto(Number(thread.threadId), 'look');
    expect(await received(inbounds, 1)).toMatchObject([
      {
        kind: 'message',
        content: 'look',
        files: [{ ref: telegram.messages(Number(thread.threadId)).at(-1)?.file?.id }],
        ref: thread,
      },
    ]);
  });

  it('takes a repetition for what it is', async () => {
    const { telegram, bridge, host, received: inbounds } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    telegram.operator({ name: 'Ada' }).type(Number(thread.threadId), 'hello');
    await received(inbounds, 1);
    telegram.replay(telegram.updates().at(-1)?.update_id as number);
    const [first, again] = await received(inbounds, 2);
    expect(again).toEqual(first);
  });

  it('tells the host when the token no longer works, and when it does again', async () => {
    const { telegram, bridge, host, broken, healed } = await emulated();
    const clock = virtualClock();
    telegram.fault({ kind: 'unauthorized', method: 'getUpdates' });
    await bridge.start({ ...host, clock });
    await eventually(() => expect(broken).toMatchObject([{ code: 'unauthorized' }]));
    await clock.advance(30_000);
    await eventually(() => expect(healed).toEqual([1]));
  });

  it('tells the host about another poller', async () => {
    const { bridge, host, broken, telegram } = await emulated();
    await bridge.start(host);
    await telegram.waitForCall(({ method }) => method === 'getUpdates');
    await fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getUpdates?timeout=0`);
    await eventually(() => {
      expect(broken).toMatchObject([
        { code: 'misconfigured', message: expect.stringContaining('Another process') },
      ]);
    });
  });

  it('ends at once when stopped, though its poll is held', async () => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    await telegram.waitForCall(({ method }) => method === 'getUpdates');
    const started = performance.now();
    await bridge.stop();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('posting', () => {
  it('names the topic after the visitor, in the same colour each time', async () => {
    const { telegram, bridge } = await emulated();
    await bridge.open(card, call());
    await bridge.open(card, call());
    const [one, other] = telegram.topics();
    expect(one?.title).toBe('Visitor ab12 · /pricing');
    expect(one?.iconColor).toBe(other?.iconColor);
  });

  it('shows no link previews, which would let strangers decorate the chat', async () => {
    const { telegram, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    const posted = await bridge.post(thread, part('https://acme.example'), postCall);
    await bridge.editing.edit(posted, part('https://other.example'), { ...call(), plain: false });
    for (const named of ['sendMessage', 'editMessageText']) {
      const { params } = await telegram.waitForCall(({ method }) => method === named);
      expect(params).toMatchObject({ link_preview_options: { is_disabled: true }, parse_mode: 'HTML' });
    }
  });

  it('reopens a closed topic that takes no posts from a bot without rights', async () => {
    const { telegram, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    await bridge.closing?.close(thread, call());
    telegram.setBotMembership({ can_manage_topics: false });
    await bridge.post(thread, part('hello'), postCall);
    expect(telegram.topics()[0]?.closed).toBe(false);
    expect(telegram.messages(Number(thread.threadId)).at(-1)?.text).toBe('hello');
  });

  it('never posts to General for want of a topic', async () => {
    const { telegram, bridge } = await emulated();
    const nowhere = { chatId: telegram.forumChatId, threadId: '' };
    await expect(bridge.post(nowhere, part('hello'), postCall)).rejects.toMatchObject({
      code: 'thread_gone',
    });
    expect(telegram.messages(1)).toEqual([]);
  });

  it('empties a message that Telegram does not delete any more', async () => {
    const { telegram, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    const posted = await bridge.post(thread, part('secret'), postCall);
    telegram.fault({
      kind: 'refuse',
      method: 'deleteMessage',
      description: "Bad Request: message can't be deleted",
    });
    await bridge.editing.remove(posted, call());
    expect(telegram.message(Number(posted.platformId))?.text).toBe('Deleted');
  });

  it('may have happened when a proxy answers with a web page', async () => {
    const { telegram, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    telegram.fault({ kind: 'bad_gateway_html', method: 'sendMessage' });
    await expect(bridge.post(thread, part('hello'), postCall)).rejects.toMatchObject({ code: 'uncertain' });
  });

  it('cuts an answer that is too long for one message', async () => {
    const { telegram, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    const posted = await bridge.post(thread, part('hello'), postCall);
    await bridge.answer(posted, 'word '.repeat(2000), call());
    const text = telegram.messages(Number(thread.threadId)).at(-1)?.text ?? '';
    expect(text).toMatch(/^word word .*…$/);
    expect(text.length).toBeLessThanOrEqual(4096);
  });

  it('fills a message to its last character, and goes on in a second one', async () => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const said = async (content: string) => {
      const note = {
        kind: 'message',
        author: { kind: 'visitor', id: 'v' },
        content,
        at: 0,
        edited: false,
      } as const;
      const before = telegram.messages(Number(thread.threadId)).length;
      for (const one of bridge.render(note, card)) await bridge.post(thread, one, postCall);
      return telegram
        .messages(Number(thread.threadId))
        .slice(before)
        .map(({ text }) => text);
    };
    for (const unit of ['x', '<', '😀', '@a_']) {
      const most = unit.repeat(4096 / unit.length).padEnd(4096, 'y');
      expect(await said(most)).toEqual([most]);
      expect(await said(`${most}z`)).toHaveLength(2);
    }
  });
});

it('hears nothing after a stop that came right after its start', async () => {
  const { bridge, host, telegram } = await emulated({ pollTimeoutSeconds: 1 });
  const starting = bridge.start(host);
  await bridge.stop();
  await expect(starting).rejects.toMatchObject({ code: 'unavailable' });
  expect(telegram.calls.filter(({ method }) => method === 'getUpdates')).toEqual([]);
});
