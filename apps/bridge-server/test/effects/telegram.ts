import { expect } from 'vitest';
import { telegram } from '../platforms.js';
import { freePort, run } from '../process.js';
import { visitor } from '../visitor.js';
import type { Effects } from './effect.js';
import { bridgeWith, seenOn } from './seen.js';

const seen = seenOn(telegram, {
  url: 'https://www.example.com/lamps',
  referrer: 'https://search.example.com/',
});

/** What the server tells Telegram of its webhook. */
const webhookOf = async (change: Record<string, string>) => {
  const { env, emulator } = await telegram();
  const port = await freePort();
  const PUBLIC_URL = `http://127.0.0.1:${port}`;
  await run({ ...env, PORT: String(port), PUBLIC_URL, TELEGRAM_WEBHOOK: 'on', ...change });
  const { params } = await emulator.waitForCall(({ method }) => method === 'setWebhook', {
    timeoutMs: 15_000,
  });
  return { PUBLIC_URL, params };
};

export const telegramEffects: Effects = {
  TELEGRAM_BOT_TOKEN: async () => {
    const { env } = await telegram();
    const state = (token: string) => bridgeWith({ ...env, TELEGRAM_BOT_TOKEN: token });
    expect(await state(env.TELEGRAM_BOT_TOKEN as string)).toMatchObject({ state: 'up' });
    expect(await state('1:wrong')).toMatchObject({ state: 'paused', reason: 'unauthorized' });
  },
  TELEGRAM_FORUM_CHAT_ID: async () => {
    const { env, emulator, shows } = await telegram();
    await (await visitor((await run(env)).url)).send('hello');
    const { topicId } = await shows('hello');
    expect(emulator.topics().map(({ id }) => id)).toContain(topicId);
  },
  TELEGRAM_CHAT_ID: async () => {
    const { at, emulator } = await telegram();
    const chats = ['Ada', 'Bea'].map((name) => emulator.addChat({ type: 'private', person: { name } }));
    const server = await run({ ...at, TELEGRAM_CHAT_ID: chats.join(', ') });
    await (await visitor(server.url)).send('hello, both of you');
    for (const chat of chats)
      await emulator.chat(chat).waitForMessage(({ text }) => text.includes('hello'), { timeoutMs: 15_000 });
  },
  TELEGRAM_SHOW_URL: async () => {
    expect(await seen({})).toContain('/lamps');
    expect(await seen({ TELEGRAM_SHOW_URL: 'off' })).not.toContain('/lamps');
  },
  TELEGRAM_SHOW_METADATA: async () => {
    expect(await seen({})).toContain('127.0.0.1');
    expect(await seen({ TELEGRAM_SHOW_METADATA: 'off' })).not.toContain('127.0.0.1');
  },
  TELEGRAM_WEBHOOK: async () => {
    const { params, PUBLIC_URL } = await webhookOf({});
    expect(params).toMatchObject({ url: `${PUBLIC_URL}/webhooks/telegram` });
  },
  TELEGRAM_WEBHOOK_SECRET: async () => {
    const { params } = await webhookOf({ TELEGRAM_WEBHOOK_SECRET: 'only-we-two-know' });
    expect(params).toMatchObject({ secret_token: 'only-we-two-know' });
  },
  TELEGRAM_API_ROOT: async () => {
    const { env, emulator } = await telegram();
    await run(env);
    await emulator.waitForCall(({ method }) => method === 'getMe', { timeoutMs: 15_000 });
  },
};
