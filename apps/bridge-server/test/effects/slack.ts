import { expect, vi } from 'vitest';
import { slack } from '../platforms.js';
import { run } from '../process.js';
import { visitor } from '../visitor.js';
import type { Effects } from './effect.js';
import { bridgeWith, seenOn } from './seen.js';

const seen = seenOn(slack);

export const slackEffects: Effects = {
  SLACK_BOT_TOKEN: async () => {
    const { env } = await slack();
    expect(await bridgeWith(env)).toMatchObject({ state: 'up' });
    expect(await bridgeWith({ ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' })).toMatchObject({
      reason: 'unauthorized',
    });
  },
  SLACK_CHANNEL_ID: async () => {
    const { env, emulator } = await slack();
    const other = emulator.addChannel({ name: 'sales', hasBot: true });
    const { url } = await run({ ...env, SLACK_CHANNEL_ID: other });
    await (await visitor(url)).send('hello');
    await vi.waitFor(() => expect(emulator.messages(other)).not.toEqual([]), { timeout: 15_000 });
  },
  SLACK_APP_TOKEN: async () => {
    const { env, emulator } = await slack();
    await run(env);
    await vi.waitFor(() => expect(emulator.socketMode.connections).toBe(1), { timeout: 15_000 });
    expect(await bridgeWith({ ...env, SLACK_APP_TOKEN: 'xapp-wrong' })).toMatchObject({
      reason: 'unauthorized',
    });
  },
  SLACK_SIGNING_SECRET: async () => {
    const { bot, emulator } = await slack();
    const asked = async (secret: string) => {
      const { url } = await run({ ...bot, SLACK_SIGNING_SECRET: secret });
      emulator.setRequestUrl(`${url}/webhooks/slack`);
      return emulator.verifyRequestUrl();
    };
    expect(await asked(emulator.signingSecret)).toBe(true);
    expect(await asked('somebody-elses-secret')).toBe(false);
  },
  SLACK_WEBHOOK_URL: async () => {
    const { emulator, shows } = await slack();
    const { url } = await run({ SLACK_WEBHOOK_URL: emulator.webhookUrl });
    await (await visitor(url)).send('hello');
    await shows('hello');
    expect(emulator.socketMode.connections).toBe(0);
  },
  SLACK_SHOW_URL: async () => {
    expect(await seen({})).toContain('/lamps');
    expect(await seen({ SLACK_SHOW_URL: 'off' })).not.toContain('/lamps');
  },
  SLACK_SHOW_METADATA: async () => {
    expect(await seen({})).toContain('127.0.0.1');
    expect(await seen({ SLACK_SHOW_METADATA: 'off' })).not.toContain('127.0.0.1');
  },
  SLACK_API_URL: async () => {
    const { env, emulator } = await slack();
    await run(env);
    await emulator.waitForCall(({ method }) => method === 'auth.test', { timeoutMs: 15_000 });
  },
};
