import { DiscordEmulator, type DiscordEmulatorOptions } from '@pocketping/emulators';
import type { BridgeMode } from '@pocketping/testing';
import { DiscordBridge } from '../src/index.js';
import { FILE_BYTES } from '../src/limits.js';
import type { Settings } from '../src/settings.js';
import { severable, sharedProbe, threadProbe } from './probe.js';

const botTo = async (emulator: DiscordEmulatorOptions, useThreads: boolean) => {
  const discord = await DiscordEmulator.start(emulator);
  const line = severable();
  const { botToken, channelId, apiRoot } = discord;
  const bridge = new DiscordBridge({ botToken, channelId, apiRoot, useThreads, fetch: line.fetch });
  return { discord, line, bridge };
};

const FILES = { posts: FILE_BYTES, gone: '1/2/3' };

/** Every kind of place that the settings know, in each of its forms. */
const MODES: Readonly<Record<Settings['kind'], readonly BridgeMode[]>> = {
  threads: [
    {
      name: 'DiscordBridge with threads in a text channel',
      column: 'threads',
      mentions: true,
      receipts: true,
      files: FILES,
      catchUp: true,
      overtaking: 'deletions too',
      create: async () => {
        const { discord, line, bridge } = await botTo({}, true);
        return { bridge, platform: threadProbe(discord, line, bridge) };
      },
    },
    {
      name: 'DiscordBridge with threads in a forum channel',
      column: 'threads',
      mentions: true,
      receipts: true,
      files: FILES,
      catchUp: true,
      overtaking: 'deletions too',
      create: async () => {
        const { discord, line, bridge } = await botTo({ channel: 'forum' }, true);
        return { bridge, platform: threadProbe(discord, line, bridge) };
      },
    },
  ],
  shared: [
    {
      name: 'DiscordBridge without threads',
      column: '`useThreads: false`',
      mentions: true,
      receipts: true,
      files: FILES,
      catchUp: true,
      overtaking: 'deletions too',
      threadless: true,
      create: async () => {
        const { discord, line, bridge } = await botTo({}, false);
        return { bridge, platform: sharedProbe(discord, line, bridge) };
      },
    },
  ],
  webhook: [
    {
      name: 'DiscordBridge through a webhook',
      column: '`webhookUrl`',
      threadless: true,
      sendOnly: true,
      lacks: ['typing'],
      create: async () => {
        const discord = await DiscordEmulator.start();
        const line = severable();
        const webhookUrl = discord.addWebhook();
        const bridge = new DiscordBridge({ webhookUrl, fetch: line.fetch });
        const [, webhookId] = /webhooks\/(\d+)/.exec(webhookUrl) ?? [];
        const route = 'POST /webhooks/{webhook}/{token}';
        return { bridge, platform: sharedProbe(discord, line, bridge, route, webhookId) };
      },
    },
  ],
};

/** Every way in which the bridge can be set up. */
export const modes: readonly BridgeMode[] = Object.values(MODES).flat();
