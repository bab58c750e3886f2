import { DiscordEmulator, type DiscordEmulatorOptions } from '@pocketping/emulators';
import { bridgeContract } from '@pocketping/testing';
import { DiscordBridge } from '../src/index.js';
import { severable, sharedProbe, threadProbe } from './probe.js';

const botTo = async (emulator: DiscordEmulatorOptions, useThreads: boolean) => {
  const discord = await DiscordEmulator.start(emulator);
  const line = severable();
  const { botToken, channelId, apiRoot } = discord;
  const bridge = new DiscordBridge({ botToken, channelId, apiRoot, useThreads, fetch: line.fetch });
  return { discord, line, bridge };
};

bridgeContract({
  name: 'DiscordBridge with threads in a text channel',
  receipts: true,
  catchUp: true,
  overtaking: 'deletions too',
  create: async () => {
    const { discord, line, bridge } = await botTo({}, true);
    return { bridge, platform: threadProbe(discord, line, bridge) };
  },
});

bridgeContract({
  name: 'DiscordBridge with threads in a forum channel',
  receipts: true,
  catchUp: true,
  overtaking: 'deletions too',
  create: async () => {
    const { discord, line, bridge } = await botTo({ channel: 'forum' }, true);
    return { bridge, platform: threadProbe(discord, line, bridge) };
  },
});

bridgeContract({
  name: 'DiscordBridge without threads',
  receipts: true,
  catchUp: true,
  overtaking: 'deletions too',
  threadless: true,
  create: async () => {
    const { discord, line, bridge } = await botTo({}, false);
    return { bridge, platform: sharedProbe(discord, line, bridge) };
  },
});

bridgeContract({
  name: 'DiscordBridge through a webhook',
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
});
