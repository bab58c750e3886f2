import { listOf, onOrOff, secretText, webAddress, words } from './reading.js';
import type { Variables } from './variable.js';

export const telegramVariables = {
  botToken: {
    name: 'TELEGRAM_BOT_TOKEN',
    means: 'The bot’s token, from @BotFather.',
    otherwise: 'no Telegram',
    example: '123456789:AAExampleExampleExampleExampleExamp',
    secret: true,
    read: secretText,
  },
  forumChatId: {
    name: 'TELEGRAM_FORUM_CHAT_ID',
    means: 'The group with topics in which the team answers: a topic for each conversation.',
    otherwise: 'TELEGRAM_CHAT_ID is used',
    example: '-1001234567890',
    read: words,
  },
  chatIds: {
    name: 'TELEGRAM_CHAT_ID',
    means:
      'Instead: a chat or group without topics, or several with commas between them. The team answers by replying.',
    otherwise: 'TELEGRAM_FORUM_CHAT_ID is used',
    example: '123456789,-1001234567890',
    read: listOf(words),
  },
  showUrl: {
    name: 'TELEGRAM_SHOW_URL',
    means: 'off: the team does not see which page a visitor is on.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  showMetadata: {
    name: 'TELEGRAM_SHOW_METADATA',
    means:
      'off: the team does not see a visitor’s referrer, device, language, time zone, address, and what the site told.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  webhook: {
    name: 'TELEGRAM_WEBHOOK',
    means: 'on: Telegram calls this server, at /webhooks/telegram below PUBLIC_URL, instead of being polled.',
    default: 'off',
    example: 'on',
    read: onOrOff,
  },
  webhookSecret: {
    name: 'TELEGRAM_WEBHOOK_SECRET',
    means: 'With what Telegram proves itself when it calls: up to 256 letters, digits, _ and -.',
    otherwise: 'made from the token',
    example: 'a-long-secret-of-your-own',
    secret: true,
    read: secretText,
  },
  apiRoot: {
    name: 'TELEGRAM_API_ROOT',
    means: 'Another Bot API server.',
    otherwise: 'https://api.telegram.org',
    example: 'http://127.0.0.1:8081',
    read: webAddress,
  },
} as const satisfies Variables;
