import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bot, webhookCallback } from 'grammy';
import { afterEach, expect, test, vi } from 'vitest';
import type { TelegramEmulatorOptions, Update } from '../src/index.js';
import { refusalOf, startTelegram } from './telegram.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that keeps the updates that are posted to it, and answers as told. */
async function endpoint(respond: (update: Update, response: ServerResponse) => void = ok) {
  const received: { update: Update; secret: string | undefined; contentType: string | undefined }[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const update = JSON.parse(body) as Update;
    received.push({
      update,
      secret: request.headers['x-telegram-bot-api-secret-token'] as string | undefined,
      contentType: request.headers['content-type'],
    });
    respond(update, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const texts = () => received.map(({ update }) => update.message?.text ?? update.edited_message?.text);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, texts };
}

const ok = (_update: Update, response: ServerResponse) => void response.end('{}');

const start = (options: TelegramEmulatorOptions = {}) => startTelegram({ webhookRetryMs: 1, ...options });

test('grammY’s own webhook handler receives updates, with the secret token', async () => {
  const { telegram, api } = await start();
  const bot = new Bot(telegram.botToken, { client: { apiRoot: telegram.apiRoot } });
  bot.on('message:text', (context) => context.reply(`heard ${context.message.text}`));
  const server = createServer(webhookCallback(bot, 'http', { secretToken: 's3cret_-' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await api.setWebhook(url, { secret_token: 's3cret_-' });
  telegram.operator({ name: 'Ada' }).say('this');
  await telegram.waitForMessage((message) => message.text === 'heard this');
  expect(await api.getWebhookInfo()).toEqual({
    url,
    has_custom_certificate: false,
    pending_update_count: 0,
    max_connections: 40,
  });
});

test('what waits is posted when a webhook is set, in order on one connection', async () => {
  const { telegram, api } = await start();
  const ada = telegram.operator({ name: 'Ada' });
  for (const text of ['one', 'two']) ada.say(text);
  const { url, received, texts } = await endpoint();
  await api.setWebhook(url, { secret_token: 'x', max_connections: 1 });
  ada.say('three');
  await vi.waitFor(() => expect(texts()).toEqual(['one', 'two', 'three']));
  expect(received[0]).toMatchObject({ secret: 'x', contentType: 'application/json' });
});

test('an update is posted until it is answered with 2xx, and the order is kept meanwhile', async () => {
  let refusals = 3;
  const { url, texts } = await endpoint((_update, response) => {
    response.writeHead(refusals-- > 0 ? 503 : 204).end();
  });
  const { telegram, api } = await start({ clock: { now: () => 1_700_000_000_000 } });
  await api.setWebhook(url, { max_connections: 1 });
  const ada = telegram.operator({ name: 'Ada' });
  ada.say('stubborn');
  ada.say('patient');
  await vi.waitFor(() =>
    expect(texts()).toEqual(['stubborn', 'stubborn', 'stubborn', 'stubborn', 'patient']),
  );
  await vi.waitFor(async () => expect((await api.getWebhookInfo()).pending_update_count).toBe(0));
  expect(await api.getWebhookInfo()).toMatchObject({
    last_error_date: 1_700_000_000,
    last_error_message: 'Wrong response from the webhook: 503 Service Unavailable',
  });
});

test('pauses grow, by the clock', async () => {
  const waits: number[] = [];
  let end: () => void;
  const enough = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { telegram } = await startTelegram({
    webhook: 'http://localhost:9/none',
    webhookRetryMs: 10,
    webhookFetch: async () => new Response(null, { status: 500 }),
    clock: {
      now: () => 0,
      schedule: (ms, run) => {
        if (ms < 60_000) waits.push(ms);
        if (waits.length > 8) end();
        else if (ms < 60_000) queueMicrotask(run);
        return () => {};
      },
    },
  });
  telegram.operator({ name: 'Ada' }).say('never taken');
  await enough;
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
});

test('an endpoint that asks for time gets it', async () => {
  const waits: number[] = [];
  const { telegram } = await startTelegram({
    webhook: 'http://localhost:9/busy',
    webhookFetch: async () => new Response(null, { status: 429, headers: { 'retry-after': '7' } }),
    clock: {
      now: () => 0,
      schedule: (ms) => {
        waits.push(ms);
        return () => {};
      },
    },
  });
  telegram.operator({ name: 'Ada' }).say('later');
  await vi.waitFor(() => expect(waits).toContain(7_000));
});

test('several updates are on the way at once, as many as are allowed', async () => {
  const open: ServerResponse[] = [];
  const { url, texts } = await endpoint((_update, response) => open.push(response));
  const { telegram, api } = await start();
  await api.setWebhook(url, { max_connections: 2 });
  const ada = telegram.operator({ name: 'Ada' });
  for (const text of ['one', 'two', 'three']) ada.say(text);
  await vi.waitFor(() => expect(open).toHaveLength(2));
  expect((await api.getWebhookInfo()).pending_update_count).toBe(3);
  expect(texts().sort()).toEqual(['one', 'two']);
  open.shift()?.end();
  await vi.waitFor(() => expect(texts()).toContain('three'));
});

test('an unreachable endpoint is told of', async () => {
  const { url } = await endpoint();
  for (const close of closing.splice(0)) close();
  const { telegram, api } = await start({ webhook: url });
  telegram.operator({ name: 'Ada' }).say('into the void');
  await vi.waitFor(async () =>
    expect((await api.getWebhookInfo()).last_error_message).toBe('Connection refused'),
  );
});

test('nobody polls while a webhook is set', async () => {
  const { telegram, api } = await start();
  const { url } = await endpoint();
  const waiting = refusalOf(api.getUpdates({ timeout: 30 }));
  await telegram.waitForCall((call) => call.method === 'getUpdates');
  await api.setWebhook(url);
  expect((await waiting).description).toBe('Conflict: terminated by setWebhook request');
  const refusal = await refusalOf(api.getUpdates());
  expect([refusal.error_code, refusal.description]).toEqual([
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  ]);
  await api.deleteWebhook();
  telegram.operator({ name: 'Ada' }).say('polled');
  expect((await api.getUpdates()).map(({ message }) => message?.text)).toEqual(['polled']);
  expect(await api.getWebhookInfo()).toMatchObject({ url: '' });
});

test('only the types asked for are posted, and what waits can be dropped', async () => {
  const { url, texts } = await endpoint();
  const { telegram, api } = await start();
  const ada = telegram.operator({ name: 'Ada' });
  ada.say('dropped');
  await api.setWebhook(url, { allowed_updates: ['edited_message'], drop_pending_updates: true });
  ada.edit(ada.say('not asked for').id, 'edited');
  await vi.waitFor(() => expect(texts()).toEqual(['edited']));
  expect((await api.getWebhookInfo()).allowed_updates).toEqual(['edited_message']);
});

test.each([
  [{ url: 'http://example.com/x' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
  [
    { url: 'https://example.com:3000/x' },
    'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443',
  ],
  [{ url: 'ftp://example.com' }, 'invalid webhook URL specified'],
  [{ url: 'https://' }, 'invalid webhook URL specified'],
  [{ url: 'http://[::1]:1/', secret_token: 'a b' }, 'secret token contains unallowed characters'],
  [{ url: 'http://127.1.2.3/', secret_token: 'a'.repeat(257) }, 'secret token is too long'],
])('refuses %j', async ({ url, ...other }, why) => {
  const { api } = await start();
  expect((await refusalOf(api.setWebhook(url, other))).description).toBe(`Bad Request: ${why}`);
  expect((await api.getWebhookInfo()).url).toBe('');
});

test('duplicates and disorder reach a webhook under their true numbers', async () => {
  const { url, received, texts } = await endpoint();
  const { telegram, api } = await start();
  await api.setWebhook(url, { max_connections: 1 });
  const ada = telegram.operator({ name: 'Ada' });
  telegram.deliverTimes(3);
  ada.say('thrice');
  await vi.waitFor(() => expect(texts()).toEqual(['thrice', 'thrice', 'thrice']));
  telegram.reorder(3);
  for (const text of ['a', 'b', 'c']) ada.say(text);
  await vi.waitFor(() => expect(texts().slice(3)).toEqual(['c', 'b', 'a']));
  const [c, b, a] = received.slice(3).map(({ update }) => update.update_id);
  expect([b! - a!, c! - b!]).toEqual([1, 1]);
  telegram.editFirst();
  ada.edit(ada.say('typo').id, 'mended');
  await vi.waitFor(() => expect(texts().slice(6)).toEqual(['mended', 'typo']));
  telegram.replay(a!);
  await vi.waitFor(() => expect(texts().at(-1)).toBe('a'));
});

test('an option begins with a webhook', async () => {
  const { url, received } = await endpoint();
  const { telegram } = await start({ webhook: { url, secretToken: 'begin', maxConnections: 1 } });
  telegram.operator({ name: 'Ada' }).say('first');
  await vi.waitFor(() => expect(received).toMatchObject([{ secret: 'begin' }]));
});
