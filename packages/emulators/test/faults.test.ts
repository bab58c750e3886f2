import { Api, HttpError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { refusalOf, startTelegram } from './telegram.js';

test('a rate limit says when to come back, and nothing happens', async () => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ method: 'sendMessage', kind: 'rate_limit', retryAfter: 7 });
  const refusal = await refusalOf(api.sendMessage(chat, 'x'));
  expect([refusal.error_code, refusal.description, refusal.parameters]).toEqual([
    429,
    'Too Many Requests: retry after 7',
    { retry_after: 7 },
  ]);
  expect(telegram.messages(1)).toEqual([]);
  await api.sendMessage(chat, 'x');
  expect(telegram.messages(1)).toHaveLength(1);
});

test('a fault strikes its method only, as often as told, until it is undone', async () => {
  const { telegram, api, chat } = await startTelegram();
  const undo = telegram.fault({ method: 'SENDMESSAGE', kind: 'server_error', times: 3 });
  await api.getMe();
  expect((await refusalOf(api.sendMessage(chat, 'x'))).description).toBe('Internal Server Error');
  expect((await refusalOf(api.sendMessage(chat, 'x'))).error_code).toBe(500);
  undo();
  await api.sendMessage(chat, 'x');
  expect(telegram.calls.map((call) => call.fault)).toEqual([
    undefined,
    'server_error',
    'server_error',
    undefined,
  ]);
});

test('any refusal can be had', async () => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ kind: 'unauthorized' });
  expect((await refusalOf(api.getMe())).error_code).toBe(401);
  telegram.fault({ kind: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' });
  expect((await refusalOf(api.sendMessage(chat, 'x'))).description).toBe(
    'Forbidden: bot was blocked by the user',
  );
});

test('a bad gateway answers a web page', async () => {
  const { telegram, api } = await startTelegram();
  telegram.fault({ kind: 'bad_gateway_html', times: 2 });
  await expect(api.getMe()).rejects.toThrow(HttpError);
  const response = await fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getMe`);
  expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
});

test.each([
  ['timeout_after', 1],
  ['timeout_before', 0],
  ['reset', 0],
] as const)('%s: the client never hears, and %i messages are there', async (kind, sent) => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ method: 'sendMessage', kind, delayMs: 5 });
  await expect(api.sendMessage(chat, 'x')).rejects.toThrow(HttpError);
  expect(telegram.messages(1)).toHaveLength(sent);
});

test('a timeout holds the line for as long as the client waits', async () => {
  const { telegram, chat } = await startTelegram();
  const impatient = new Api(telegram.botToken, { apiRoot: telegram.apiRoot, timeoutSeconds: 0.05 });
  telegram.fault({ kind: 'timeout_after' });
  await expect(impatient.sendMessage(chat, 'x')).rejects.toThrow(HttpError);
  expect(telegram.messages(1)).toHaveLength(1);
});

test('faults strike together', async () => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ kind: ['slow', 'rate_limit'], delayMs: 30, retryAfter: 9 });
  const began = performance.now();
  const refusal = await refusalOf(api.sendMessage(chat, 'x'));
  expect(refusal.parameters).toEqual({ retry_after: 9 });
  expect(performance.now() - began).toBeGreaterThan(25);
  telegram.fault({ kind: ['slow', 'reset'], delayMs: 5 });
  await expect(api.sendMessage(chat, 'x')).rejects.toThrow(HttpError);
  telegram.fault({ kind: ['bad_gateway_html', 'broken_body'], delayMs: 1 });
  const broken = await fetch(
    `${telegram.apiRoot}/bot${telegram.botToken}/sendMessage?chat_id=${chat}&text=x`,
  );
  expect(broken.status).toBe(502);
  await expect(broken.text()).rejects.toThrow();
  expect(telegram.messages(1)).toEqual([]);
  expect(telegram.calls.map(({ fault, faults }) => [fault, faults])).toEqual([
    ['slow', ['slow', 'rate_limit']],
    ['slow', ['slow', 'reset']],
    ['bad_gateway_html', ['bad_gateway_html', 'broken_body']],
  ]);
});

test.each(['server_error', 'bad_gateway_html', 'reset', 'rate_limit'] as const)(
  'under %s the call may have worked',
  async (kind) => {
    const { telegram, api, chat } = await startTelegram();
    telegram.fault({ kind, effect: true });
    await expect(api.sendMessage(chat, 'x')).rejects.toThrow();
    expect(telegram.messages(1)).toHaveLength(1);
  },
);

test('a slow body begins at once and ends late; a broken one never ends', async () => {
  const { telegram, chat } = await startTelegram();
  const address = `${telegram.apiRoot}/bot${telegram.botToken}/sendMessage?chat_id=${chat}&text=x`;
  telegram.fault({ kind: 'slow_body', delayMs: 40 });
  const began = performance.now();
  const response = await fetch(address);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader.read()).value ?? '';
  expect(first.length).toBeLessThan(Number(response.headers.get('content-length')));
  const second = (await reader.read()).value ?? '';
  expect(performance.now() - began).toBeGreaterThan(35);
  expect(JSON.parse(first + second)).toMatchObject({ ok: true, result: { text: 'x' } });
  telegram.fault({ kind: 'broken_body', delayMs: 1 });
  const broken = await fetch(address);
  expect(broken.status).toBe(200);
  await expect(broken.text()).rejects.toThrow();
  expect(telegram.messages(1)).toHaveLength(2);
});

test('on Node, grammY does not notice a broken body until its own time is over', async () => {
  const { telegram, chat } = await startTelegram();
  const impatient = new Api(telegram.botToken, { apiRoot: telegram.apiRoot, timeoutSeconds: 0.1 });
  telegram.fault({ kind: 'broken_body', delayMs: 1 });
  await expect(impatient.sendMessage(chat, 'x')).rejects.toThrow(HttpError);
  expect(telegram.messages(1)).toHaveLength(1);
});

describe('a storm', () => {
  const struck = async (seed: number) => {
    const { telegram, api } = await startTelegram();
    telegram.storm({ rate: 0.5, kinds: ['server_error', ['slow', 'rate_limit']], seed, delayMs: 1 });
    for (let call = 0; call < 40; call++) await api.getMe().catch(() => {});
    return telegram.calls.map(({ faults }) => faults?.join('+') ?? 'none');
  };

  test('strikes by chance, the same calls for the same seed', async () => {
    const once = await struck(1);
    expect(new Set(once)).toEqual(new Set(['none', 'server_error', 'slow+rate_limit']));
    expect(await struck(1)).toEqual(once);
    expect(await struck(2)).not.toEqual(once);
  });

  test('ends when it is withdrawn, and spares other methods', async () => {
    const { telegram, api, chat } = await startTelegram();
    const end = telegram.storm({ rate: 1, kinds: ['server_error'], seed: 1, method: 'sendMessage' });
    await api.getMe();
    await refusalOf(api.sendMessage(chat, 'x'));
    telegram.fault({ kind: 'unauthorized' });
    expect((await refusalOf(api.sendMessage(chat, 'x'))).error_code).toBe(401);
    end();
    await api.sendMessage(chat, 'x');
    expect(() => telegram.storm({ rate: 1, kinds: [], seed: 1 })).toThrow('kinds');
  });
});

test('a slow answer is late, but it comes', async () => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ kind: 'slow', delayMs: 30 });
  const began = performance.now();
  await api.sendMessage(chat, 'x');
  expect(performance.now() - began).toBeGreaterThan(25);
});
