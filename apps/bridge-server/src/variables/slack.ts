import { onOrOff, secretText, webAddress, words } from './reading.js';
import type { Variables } from './variable.js';

export const slackVariables = {
  botToken: {
    name: 'SLACK_BOT_TOKEN',
    means: 'The app’s bot token.',
    otherwise: 'no Slack, or SLACK_WEBHOOK_URL is used',
    example: 'xoxb-example',
    secret: true,
    read: secretText,
  },
  channelId: {
    name: 'SLACK_CHANNEL_ID',
    means: 'The channel in which the team answers: a thread for each conversation.',
    otherwise: 'needed with SLACK_BOT_TOKEN',
    example: 'C0123456789',
    read: words,
  },
  appToken: {
    name: 'SLACK_APP_TOKEN',
    means:
      'The app-level token, for Socket Mode: this server connects to Slack, and needs no public address.',
    otherwise: 'SLACK_SIGNING_SECRET is used',
    example: 'xapp-example',
    secret: true,
    read: secretText,
  },
  signingSecret: {
    name: 'SLACK_SIGNING_SECRET',
    means: 'Instead: Slack calls this server, at /webhooks/slack, and proves itself with this.',
    otherwise: 'SLACK_APP_TOKEN is used',
    example: '8f742231b10e8888abcd99yyyzzz85a5',
    secret: true,
    read: secretText,
  },
  webhookUrl: {
    name: 'SLACK_WEBHOOK_URL',
    means: 'Instead of a bot: an incoming webhook. The team reads along there, and answers elsewhere.',
    otherwise: 'SLACK_BOT_TOKEN is used',
    example: 'https://hooks.slack.com/services/T00000000/B00000000/example',
    secret: true,
    read: secretText,
  },
  showUrl: {
    name: 'SLACK_SHOW_URL',
    means: 'off: the team does not see which page a visitor is on.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  showMetadata: {
    name: 'SLACK_SHOW_METADATA',
    means:
      'off: the team does not see a visitor’s referrer, device, language, time zone, address, and what the site told.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  apiUrl: {
    name: 'SLACK_API_URL',
    means: 'Another Web API server.',
    otherwise: 'https://slack.com/api/',
    example: 'http://127.0.0.1:8083/api/',
    read: webAddress,
  },
} as const satisfies Variables;
