import { Api, HttpError } from 'grammy';
import { expect, test } from 'vitest';
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

test('a slow answer is late, but it comes', async () => {
  const { telegram, api, chat } = await startTelegram();
  telegram.fault({ kind: 'slow', delayMs: 30 });
  const began = performance.now();
  await api.sendMessage(chat, 'x');
  expect(performance.now() - began).toBeGreaterThan(25);
});
