import { BridgeError } from '@pocketping/core';
import type { ApiClientOptions } from 'grammy';

export interface TelegramBridgeOptions {
  /** The token that @BotFather gave the bot, e.g. `123456789:AAE…`. Undefined, as an unset variable is, is refused. */
  readonly botToken: string | undefined;
  /** The supergroup with topics in which the team answers; its id begins with `-100`. Undefined is refused. */
  readonly forumChatId: string | number | undefined;
  /** Show the page a visitor is on: in the topic's title and in its first message. Default: true. */
  readonly showUrl?: boolean | undefined;
  /** Show referrer, device, language, time zone, address, and what the site told about the person. Default: true. */
  readonly showMetadata?: boolean | undefined;
  /** Names the bridge in storage: keep it. Lower-case letters, digits and dashes. Default: `telegram`. */
  readonly name?: string | undefined;
  /**
   * Where the Bot API is, without a trailing slash. Default: `https://api.telegram.org`.
   * @see https://core.telegram.org/bots/api#using-a-local-bot-api-server
   */
  readonly apiRoot?: string | undefined;
  /** For how many seconds Telegram holds a poll when there is nothing new, 1 to 50. Default: 25. */
  readonly pollTimeoutSeconds?: number | undefined;
  /**
   * How requests are made, e.g. `{ baseFetchConfig: { agent } }` for a proxy.
   * @see https://grammy.dev/ref/core/apiclientoptions
   */
  readonly client?: Pick<ApiClientOptions, 'baseFetchConfig' | 'buildUrl' | 'environment' | 'fetch'>;
}

/** The options, checked, with their defaults. */
export interface Settings {
  readonly botToken: string;
  readonly forumChatId: string;
  readonly showUrl: boolean;
  readonly showMetadata: boolean;
  readonly name: string;
  readonly apiRoot: string | undefined;
  readonly pollTimeoutSeconds: number;
  readonly client: TelegramBridgeOptions['client'];
}

/** @throws BridgeError `misconfigured`, saying what to change; it never repeats the token. */
export const settingsFrom = (options: TelegramBridgeOptions): Settings => ({
  botToken: tokenFrom(options.botToken),
  forumChatId: chatIdFrom(options.forumChatId),
  showUrl: options.showUrl ?? true,
  showMetadata: options.showMetadata ?? true,
  name: nameFrom(options.name ?? 'telegram'),
  apiRoot: apiRootFrom(options.apiRoot),
  pollTimeoutSeconds: pollTimeoutFrom(options.pollTimeoutSeconds ?? 25),
  client: options.client,
});

const tokenFrom = (value: unknown): string => {
  const token = typeof value === 'string' ? value.trim() : '';
  if (token === '') {
    throw wrong(
      'botToken is missing: in Telegram open @BotFather, send /newbot (or /mybots → API Token), and pass the token it shows.',
    );
  }
  if (!/^\d+:[\w-]+$/.test(token)) {
    throw wrong(
      'botToken does not look like a bot token, which is digits, a colon, then letters and digits: copy it again from @BotFather → /mybots → API Token.',
    );
  }
  return token;
};

const chatIdFrom = (value: unknown): string => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw wrong('forumChatId has lost digits as a number: pass it as a string.');
  }
  const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (id === '') throw wrong(`forumChatId is missing: ${FIND_CHAT_ID}`);
  if (!/^-100\d+$/.test(id)) {
    throw wrong(`forumChatId is "${id}", but the id of a supergroup begins with -100: ${FIND_CHAT_ID}`);
  }
  return id;
};

const FIND_CHAT_ID =
  'copy the link of any message of the group, such as https://t.me/c/1234567890/1; its id is -100 followed by the first number, "-1001234567890". A group gets such an id when its topics are switched on.';

const nameFrom = (name: string): string => {
  if (!/^[a-z0-9-]+$/.test(name)) {
    throw wrong(
      `name is "${name}", but may have lower-case letters, digits and dashes only, e.g. "telegram-support".`,
    );
  }
  return name;
};

const apiRootFrom = (value: string | undefined): string | undefined => {
  if (value === undefined || value === '') return undefined;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw wrong('apiRoot must be an http or https address, e.g. "https://api.telegram.org".');
  }
  return value.replace(/\/+$/, '');
};

const pollTimeoutFrom = (seconds: number): number => {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 50) {
    throw wrong('pollTimeoutSeconds must be a whole number from 1 to 50.');
  }
  return seconds;
};

const wrong = (message: string): BridgeError =>
  new BridgeError('misconfigured', `TelegramBridge: ${message}`);
