import type { Pacing } from '@pocketping/core';
import { pacingFrom } from '@pocketping/core/bridging';
import { type ChatSetting, chatsFrom } from './chat-settings.js';
import { LONGEST_POLL_SECONDS, SECRET_TOKEN, WEBHOOK_PORTS } from './limits.js';
import type { TelegramBridgeOptions } from './options.js';
import { webhookSecret } from './verify.js';
import { wrong } from './wrong.js';

/** The options, checked, with their defaults. */
export interface Settings {
  readonly botToken: string;
  /** The bot's own id, which its token begins with. */
  readonly botId: number;
  /** At least one. */
  readonly chats: readonly [ChatSetting, ...ChatSetting[]];
  readonly showUrl: boolean;
  readonly showMetadata: boolean;
  readonly webhook: Webhook | undefined;
  readonly pacing: Pacing | undefined;
  readonly apiRoot: string | undefined;
  readonly pollTimeoutSeconds: number;
  readonly client: TelegramBridgeOptions['client'];
}

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** @throws BridgeError `misconfigured`, saying what to change; it never repeats the token. */
export const settingsFrom = (options: TelegramBridgeOptions): Settings => {
  const botToken = tokenFrom(options.botToken);
  const apiRoot = apiRootFrom(options.apiRoot);
  return {
    botToken,
    botId: Number(botToken.split(':')[0]),
    chats: chatsFrom(options),
    showUrl: options.showUrl ?? true,
    showMetadata: options.showMetadata ?? true,
    webhook: webhookFrom(options.webhook, botToken, apiRoot),
    pacing: options.pacing && pacingFrom(options.pacing, wrong),
    apiRoot,
    pollTimeoutSeconds: pollTimeoutFrom(options.pollTimeoutSeconds ?? 25),
    client: options.client,
  };
};

const tokenFrom = (value: unknown): string => {
  const token = typeof value === 'string' ? value.trim() : '';
  if (token === '') {
    throw wrong(
      'botToken is missing: in Telegram open @BotFather, send /newbot (or /mybots → API Token), and pass the token it shows.',
    );
  }
  if (!/^\d{1,15}:[\w-]+$/.test(token)) {
    throw wrong(
      'botToken does not look like a bot token, which is digits, a colon, then letters and digits: copy it again from @BotFather → /mybots → API Token.',
    );
  }
  return token;
};

const apiRootFrom = (value: string | undefined): string | undefined => {
  if (value === undefined || value === '') return undefined;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw wrong('apiRoot must be an http or https address, e.g. "https://api.telegram.org".');
  }
  return value.replace(/\/+$/, '');
};

const webhookFrom = (
  webhook: TelegramBridgeOptions['webhook'],
  botToken: string,
  apiRoot: string | undefined,
): Webhook | undefined => {
  if (webhook === undefined) return undefined;
  const { url, secret } = webhook;
  if (typeof url !== 'string' || !URL.canParse(url)) throw wrong(`webhook.url is missing. ${WEBHOOK_URL}`);
  const { protocol, hostname, port } = new URL(url);
  const ownServer = apiRoot !== undefined || isLoopback(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && ownServer)) {
    throw wrong(`webhook.url must begin with https://, because Telegram calls nothing else. ${WEBHOOK_URL}`);
  }
  if (!ownServer && !WEBHOOK_PORTS.includes(Number(port || 443))) {
    throw wrong(`webhook.url names port ${port}, but Telegram calls only ${WEBHOOK_PORTS.join(', ')}.`);
  }
  if (secret !== undefined && !SECRET_TOKEN.test(secret)) {
    throw wrong('webhook.secret may have 1 to 256 letters, digits, underscores and dashes only.');
  }
  return { url, secret: secret ?? webhookSecret(botToken) };
};

const WEBHOOK_URL =
  'It is the address under which Telegram reaches the chat’s routes, then /webhooks/ and the bridge’s name, e.g. "https://example.com/pocketping/webhooks/telegram".';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);

const pollTimeoutFrom = (seconds: number): number => {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_POLL_SECONDS) {
    throw wrong(`pollTimeoutSeconds must be a whole number from 1 to ${LONGEST_POLL_SECONDS}.`);
  }
  return seconds;
};
