import { expect, vi } from 'vitest';
import { discord } from '../platforms.js';
import { run } from '../process.js';
import { visitor } from '../visitor.js';
import type { Effects } from './effect.js';
import { seenOn } from './seen.js';

const seen = seenOn(discord);

export const discordEffects: Effects = {
  DISCORD_BOT_TOKEN: async () => {
    const { env } = await discord();
    const server = await run({ ...env, DISCORD_BOT_TOKEN: 'MTAwMDAw.Gwrong.wrong-wrong-wrong' });
    await vi.waitFor(
      async () =>
        expect((await server.health()).bridges).toEqual([
          expect.objectContaining({ name: 'discord', state: 'paused', reason: 'unauthorized' }),
        ]),
      { timeout: 10_000 },
    );
  },
  DISCORD_CHANNEL_ID: async () => {
    const { env, emulator } = await discord();
    const id = emulator.addChannel('sales');
    const { url } = await run({ ...env, DISCORD_CHANNEL_ID: id });
    await (await visitor(url)).send('hello');
    await vi.waitFor(() => expect(emulator.threads(id)).toHaveLength(1), { timeout: 15_000 });
  },
  DISCORD_THREADS: async () => {
    const { env, emulator, shows } = await discord();
    const { url } = await run({ ...env, DISCORD_THREADS: 'off' });
    await (await visitor(url)).send('hello');
    await shows('hello');
    expect(emulator.threads()).toEqual([]);
  },
  DISCORD_WEBHOOK_URL: async () => {
    const { emulator, shows } = await discord();
    const { url } = await run({ DISCORD_WEBHOOK_URL: emulator.addWebhook() });
    await (await visitor(url)).send('hello');
    await shows('hello');
    expect(emulator.gateway.identified).toBe(0);
  },
  DISCORD_SHOW_URL: async () => {
    expect(await seen({})).toContain('/lamps');
    expect(await seen({ DISCORD_SHOW_URL: 'off' })).not.toContain('/lamps');
  },
  DISCORD_SHOW_METADATA: async () => {
    expect(await seen({})).toContain('127.0.0.1');
    expect(await seen({ DISCORD_SHOW_METADATA: 'off' })).not.toContain('127.0.0.1');
  },
  DISCORD_API_ROOT: async () => {
    const { env, emulator } = await discord();
    await run(env);
    await vi.waitFor(() => expect(emulator.gateway.identified).toBe(1), { timeout: 15_000 });
  },
};
