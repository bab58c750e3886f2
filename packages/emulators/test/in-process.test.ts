import { Api, Bot, HttpError } from 'grammy';
import { expect, test, vi } from 'vitest';
import { type EmulatorClock, TelegramEmulator, type TelegramEmulatorOptions } from '../src/index.js';
import { refusalOf } from './telegram.js';

/** A clock that moves only when it is told to. */
function movable() {
  let now = Date.UTC(2026, 0, 1);
  const timers = new Set<{ at: number; run: () => void }>();
  const clock: Required<EmulatorClock> = {
    now: () => now,
    schedule: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const settled = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const advance = async (ms: number) => {
    const end = now + ms;
    await settled();
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
      if (!next) break;
      timers.delete(next);
      now = next.at;
      next.run();
      await settled();
    }
    now = end;
  };
  return { clock, advance, waiting: () => timers.size };
}

async function startUnplugged(options: TelegramEmulatorOptions = {}) {
  const time = movable();
  const telegram = await TelegramEmulator.start({ listen: false, clock: time.clock, ...options });
  const client = { apiRoot: telegram.apiRoot, fetch: telegram.fetch };
  return { ...time, telegram, client, api: new Api(telegram.botToken, client), chat: telegram.forumChatId };
}

test('grammY’s client works without a socket', async () => {
  const { api, chat, telegram } = await startUnplugged();
  const sent = await api.sendMessage(chat, '<b>hello</b>', { parse_mode: 'HTML' });
  expect(sent).toMatchObject({ text: 'hello', entities: [{ type: 'bold' }] });
  expect(telegram.messages(1)).toHaveLength(1);
  expect((await refusalOf(api.sendMessage(chat, ''))).description).toBe('Bad Request: message text is empty');
  expect((await telegram.fetch('http://elsewhere/')).status).toBe(404);
  const form = new FormData();
  form.set('chat_id', chat);
  form.set('text', 'as a form');
  const address = `${telegram.apiRoot}/bot${telegram.botToken}/sendMessage`;
  expect((await telegram.fetch(address, { method: 'POST', body: form })).status).toBe(200);
  const huge = {
    method: 'POST',
    body: 'x'.repeat(2_000_000),
    headers: { 'content-type': 'application/json' },
  };
  expect((await telegram.fetch(new URL(address), huge)).status).toBe(413);
});

test('a bot polls in virtual time', async () => {
  const { telegram, client, advance } = await startUnplugged();
  const bot = new Bot(telegram.botToken, { client });
  bot.on('message:text', (context) => context.reply(`heard ${context.message.text}`));
  void bot.start();
  await telegram.waitForCall((call) => call.method === 'getUpdates');
  await advance(3_600_000);
  const polls = telegram.calls.filter(({ method }) => method === 'getUpdates');
  expect(polls.length).toBeGreaterThanOrEqual(120);
  telegram.operator({ name: 'Ada' }).say('this');
  await telegram.waitForMessage((message) => message.text === 'heard this');
  await bot.stop();
});

test('faults wait by the clock', async () => {
  const { telegram, api, chat, advance, waiting } = await startUnplugged();
  const outcome = (call: Promise<unknown>) => {
    const seen = { settled: 'no' };
    call.then(
      () => (seen.settled = 'answered'),
      () => (seen.settled = 'failed'),
    );
    return seen;
  };
  telegram.fault({ kind: 'slow', delayMs: 60_000 });
  const slow = outcome(api.sendMessage(chat, 'slow'));
  await advance(59_999);
  expect(slow.settled).toBe('no');
  await advance(1);
  expect(slow.settled).toBe('answered');
  telegram.fault({ kind: 'timeout_after' });
  const lost = outcome(api.sendMessage(chat, 'lost'));
  await advance(29_999);
  expect(lost.settled).toBe('no');
  await advance(1);
  expect(lost.settled).toBe('failed');
  telegram.fault({ kind: 'slow_body', delayMs: 5_000 });
  const body = outcome(api.sendMessage(chat, 'body'));
  await advance(4_999);
  expect(body.settled).toBe('no');
  await advance(1);
  await vi.waitFor(() => expect(body.settled).toBe('answered'));
  telegram.fault({ kind: 'broken_body' });
  const broken = outcome(api.sendMessage(chat, 'broken'));
  await advance(1_000);
  await vi.waitFor(() => expect(broken.settled).toBe('failed'));
  telegram.fault({ kind: 'reset' });
  await expect(api.getMe()).rejects.toThrow(HttpError);
  expect(telegram.messages(1).map(({ text }) => text)).toEqual(['slow', 'lost', 'body', 'broken']);
  expect(waiting()).toBe(0);
});

test('a caller that hangs up waits no longer, and leaves nothing behind', async () => {
  const { telegram, api, waiting } = await startUnplugged();
  const hangUp = new AbortController();
  const polled = api.getUpdates({ timeout: 50 }, hangUp.signal as never);
  await vi.waitFor(() => expect(waiting()).toBe(1));
  hangUp.abort();
  await expect(polled).rejects.toThrow();
  expect(waiting()).toBe(0);
  const address = `${telegram.apiRoot}/bot${telegram.botToken}/getMe`;
  await expect(telegram.fetch(address, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  const closed = api.getUpdates({ timeout: 50 });
  await vi.waitFor(() => expect(waiting()).toBe(1));
  await telegram.close();
  await expect(closed).rejects.toThrow(HttpError);
});

test('a webhook is called in virtual time', async () => {
  const texts: unknown[] = [];
  const { telegram, advance } = await startUnplugged({
    webhook: 'https://bot.example/hook',
    webhookRetryMs: 1_000,
    webhookFetch: async (_url, init) => {
      texts.push(JSON.parse(String(init.body)).message.text);
      return new Response(null, { status: texts.length < 3 ? 500 : 200 });
    },
  });
  telegram.operator({ name: 'Ada' }).say('again');
  await advance(2_999);
  expect(texts).toEqual(['again', 'again']);
  await advance(1);
  expect(texts).toEqual(['again', 'again', 'again']);
  await advance(3_600_000);
  expect(texts).toHaveLength(3);
});

test('what is invented is the same for the same seed', async () => {
  const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => startUnplugged({ seed })));
  expect(one!.telegram.botToken).toMatch(/^\d{10}:AA[\w-]{33}$/);
  const known = ({ telegram }: typeof one & object) => [
    telegram.botToken,
    telegram.forumChatId,
    telegram.addChat({ type: 'group' }),
    telegram.operator({ name: 'Ada' }).user.id,
  ];
  expect(known(same!)).toEqual(known(one!));
  expect(known(other!)).not.toEqual(known(one!));
});
