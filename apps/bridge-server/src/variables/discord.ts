import { onOrOff, secretText, webAddress, words } from './reading.js';
import type { Variables } from './variable.js';

export const discordVariables = {
  botToken: {
    name: 'DISCORD_BOT_TOKEN',
    means: 'The bot’s token, from its application’s page.',
    otherwise: 'no Discord, or DISCORD_WEBHOOK_URL is used',
    example: 'MTExample.Gexamp.le-example-example-example',
    secret: true,
    read: secretText,
  },
  channelId: {
    name: 'DISCORD_CHANNEL_ID',
    means: 'The text or forum channel in which the team answers: a thread for each conversation.',
    otherwise: 'needed with DISCORD_BOT_TOKEN',
    example: '1234567890123456789',
    read: words,
  },
  useThreads: {
    name: 'DISCORD_THREADS',
    means: 'off: all conversations stand side by side in the channel, and the team answers by replying.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  webhookUrl: {
    name: 'DISCORD_WEBHOOK_URL',
    means: 'Instead of a bot: a channel’s webhook. The team reads along there, and answers elsewhere.',
    otherwise: 'DISCORD_BOT_TOKEN is used',
    example: 'https://discord.com/api/webhooks/1234567890123456789/example',
    secret: true,
    read: secretText,
  },
  showUrl: {
    name: 'DISCORD_SHOW_URL',
    means: 'off: the team does not see which page a visitor is on.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  showMetadata: {
    name: 'DISCORD_SHOW_METADATA',
    means:
      'off: the team does not see a visitor’s referrer, device, language, time zone, address, and what the site told.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  apiRoot: {
    name: 'DISCORD_API_ROOT',
    means: 'Another API server.',
    otherwise: 'https://discord.com/api',
    example: 'http://127.0.0.1:8082/api',
    read: webAddress,
  },
} as const satisfies Variables;
