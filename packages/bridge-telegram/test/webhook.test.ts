import type { WebhookRequest } from '@pocketping/core';
import { eventually, hostInTest, virtualClock } from '@pocketping/testing';
import { Api } from 'grammy';
import { describe, expect, it } from 'vitest';
import { TelegramBridge } from '../src/index.js';
import { webhookSecret } from '../src/verify.js';
import { callable } from './callable.js';
import { emulated, emulatedChats } from './emulated.js';

const world = async (options: object = {}) => {
  const calls = callable();
  const all = await emulated({ webhook: { url: calls.url }, ...options }, calls.emulator);
  const api = new Api(all.telegram.botToken, { apiRoot: all.telegram.apiRoot });
  return { ...all, calls, api };
};

describe('a webhook', () => {
  it('is set when the bridge starts, and nobody polls', async () => {
    const { telegram, bridge, host, calls } = await world();
    await bridge.start(host);
    const { params } = await telegram.waitForCall(({ method }) => method === 'setWebhook');
    expect(params).toEqual({
      url: calls.url,
      secret_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      allowed_updates: ['message', 'edited_message'],
      max_connections: 1,
      drop_pending_updates: false,
    });
    expect(telegram.calls.some(({ method }) => method === 'getUpdates')).toBe(false);
  });

  it('has the secret that its owner chose', async () => {
    const { telegram, bridge, host } = await world({
      webhook: { url: 'http://127.0.0.1:1/x', secret: 'open-sesame_1' },
    });
    await bridge.start(host);
    const { params } = await telegram.waitForCall(({ method }) => method === 'setWebhook');
    expect(params).toMatchObject({ secret_token: 'open-sesame_1' });
  });

  it('that Telegram does not take is misconfigured', async () => {
    const { telegram, bridge, host } = await world();
    const description = 'Bad Request: bad webhook: Failed to resolve host: Name or service not known';
    telegram.fault({ kind: 'refuse', method: 'setWebhook', description });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('webhook.url'),
    });
    await bridge.start(host);
  });

  it('stays when the bridge stops, because another node may serve it', async () => {
    const { bridge, host, api, calls } = await world();
    await bridge.start(host);
    await bridge.stop();
    expect((await api.getWebhookInfo()).url).toBe(calls.url);
  });

  it('goes when the bridge polls again, and what waited is not lost', async () => {
    const { telegram, bridge, host: ours, api } = await world();
    await bridge.start(ours);
    await bridge.stop();
    const ada = telegram.operator({ name: 'Ada' });
    ada.typeInGeneral('/status');
    const polling = new TelegramBridge({
      botToken: telegram.botToken,
      forumChatId: telegram.forumChatId,
      apiRoot: telegram.apiRoot,
    });
    const { host: theirs, received, logger } = hostInTest();
    await polling.start(theirs);
    try {
      await eventually(() => expect(received).toMatchObject([{ name: 'status' }]));
      expect((await api.getWebhookInfo()).url).toBe('');
      expect(logger.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', message: expect.stringContaining('Removed the webhook') }),
      );
    } finally {
      await polling.stop();
    }
  });

  it('is not there unless it was asked for', async () => {
    const { bridge } = await emulated();
    expect(bridge.webhook).toBeUndefined();
  });

  it('passes over what is genuine and not understood, so that Telegram does not send it for ever', async () => {
    const { telegram, bridge, host, calls, received, logger } = await world();
    const receiver = bridge.webhook?.receiver(host);
    calls.probe.connect(receiver);
    await bridge.start(host);
    telegram.operator({ name: 'Ada' }).typeInGeneral('/status');
    await eventually(() => expect(received).toHaveLength(1));
    const { headers } = calls.probe.requests()[0] as WebhookRequest;
    for (const message of [
      {},
      {
        message_id: 4,
        from: { id: 5 },
        chat: { id: Number(telegram.forumChatId) },
        entities: {},
        text: '/x',
      },
    ]) {
      const body = JSON.stringify({ update_id: 99, message });
      expect(await receiver?.({ headers, body })).toEqual({ status: 200 });
    }
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { updateId: 99 } },
      { fields: { updateId: 99 } },
    ]);
    expect(received).toHaveLength(1);
  });

  it('asks who the bot is where a node was not started and a command names a bot, and only then', async () => {
    const { telegram, bridge, host, calls, received, api } = await world();
    calls.probe.connect(bridge.webhook?.receiver(host));
    await api.setWebhook(calls.url, { secret_token: webhookSecret(telegram.botToken) });
    const ada = telegram.operator({ name: 'Ada' });
    ada.typeInGeneral('/status');
    await eventually(() => expect(received).toHaveLength(1));
    expect(telegram.calls.some(({ method }) => method === 'getMe')).toBe(false);
    ada.typeInGeneral('/status@another_bot');
    ada.typeInGeneral('/status@pocketping_bot');
    await eventually(() => expect(received).toHaveLength(2));
    expect(telegram.calls.filter(({ method }) => method === 'getMe')).toHaveLength(1);
  });
});

describe('a webhook that several chats share', () => {
  it('is one, and hands each what is its own, whichever receiver is called', async () => {
    const calls = callable();
    const { telegram, all, chatIds } = await emulatedChats(
      [{ type: 'group' }, { type: 'private', person: { name: 'Ada' } }],
      { webhook: { url: calls.url } },
      calls.emulator,
    );
    const receivers = all.map(({ bridge, host }) => bridge.webhook?.receiver(host));
    for (const { bridge, host } of all) await bridge.start(host);
    expect(telegram.calls.filter(({ method }) => method === 'setWebhook')).toHaveLength(1);
    for (const [number, receiver] of receivers.entries()) {
      calls.probe.connect(receiver);
      for (const chatId of chatIds) telegram.operator({ name: 'Ada' }).in(chatId).say('/status');
      await eventually(() => {
        expect(all.map(({ received }) => received.map(({ ref }) => ref.chatId))).toEqual(
          chatIds.map((chatId) => Array(number + 1).fill(chatId)),
        );
      });
    }
  });
});

describe('a group that became a supergroup', () => {
  it('is followed by a node that was told nothing of it', async () => {
    const calls = callable();
    const options = { webhook: { url: calls.url } };
    const chat = { type: 'group', bot: 'administrator' } as const;
    const { telegram, bridge, host: first, chatIds } = await emulatedChats([chat], options, calls.emulator);
    await bridge.start(first);
    // Another node took what Telegram said of the move.
    calls.probe.connect(async () => ({ status: 200 }));
    const newId = telegram.migrate(chatIds[0] as string);
    const ada = telegram.operator({ name: 'Ada' });
    ada.in(newId).say('/status');
    const request = () => calls.probe.requests().find(({ body }) => String(body).includes('/status'));
    await eventually(() => expect(request()).toBeDefined());
    const { host: second, received, logger } = hostInTest();
    const { botToken, apiRoot } = telegram;
    const other = new TelegramBridge({ botToken, apiRoot, chatIds, ...options });
    const answer = await other.webhook?.receiver(second)(request() as WebhookRequest);
    expect(answer?.status).toBe(200);
    expect(received).toMatchObject([{ name: 'status', ref: { chatId: newId } }]);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: expect.stringContaining(newId) },
    ]);
  });
});

describe('the health of a webhook', () => {
  const watched = async () => {
    const all = await world();
    const clock = virtualClock();
    const receiver = all.bridge.webhook?.receiver(all.host);
    await all.bridge.start({ ...all.host, clock });
    const looks = () => all.telegram.calls.filter(({ method }) => method === 'getWebhookInfo').length;
    const look = async () => {
      const before = looks();
      await clock.advance(60_000);
      await eventually(() => expect(looks()).toBeGreaterThan(before));
    };
    await eventually(() => expect(looks()).toBe(1));
    return { ...all, clock, receiver, look };
  };

  it('is bad while Telegram cannot deliver, and good again when everything has arrived', async () => {
    const { telegram, look, broken, healed, calls, receiver, received } = await watched();
    await look();
    expect(broken).toEqual([]);
    telegram.operator({ name: 'Ada' }).typeInGeneral('/status');
    await eventually(() => expect(calls.probe.requests().length).toBeGreaterThan(0));
    await look();
    await eventually(() => {
      expect(broken).toMatchObject([
        { code: 'misconfigured', message: expect.stringMatching(/cannot deliver.*503.*wait: 1/) },
      ]);
    });
    calls.probe.connect(receiver);
    await eventually(() => expect(received).toHaveLength(1));
    await look();
    await eventually(() => expect(healed).toEqual([1]));
  });

  it('is bad when somebody else takes the webhook away', async () => {
    const { look, broken, api, calls, healed } = await watched();
    await api.deleteWebhook();
    await look();
    await eventually(() =>
      expect(broken).toMatchObject([{ message: expect.stringContaining('was removed') }]),
    );
    await api.setWebhook('https://another.example/x');
    await look();
    await eventually(() => {
      expect(broken.at(-1)).toMatchObject({ message: expect.stringContaining('was changed') });
    });
    await api.setWebhook(calls.url);
    await look();
    await eventually(() => expect(healed).toEqual([2]));
  });

  it('is bad when the token was revoked', async () => {
    const { telegram, look, broken } = await watched();
    telegram.fault({ kind: 'unauthorized', method: 'getWebhookInfo' });
    await look();
    await eventually(() => expect(broken).toMatchObject([{ code: 'unauthorized' }]));
  });

  it('is not bad because Telegram does not answer once', async () => {
    const { telegram, look, broken } = await watched();
    telegram.fault({ kind: 'server_error', method: 'getWebhookInfo' });
    await look();
    await look();
    expect(broken).toEqual([]);
  });
});
