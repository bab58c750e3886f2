import type { Pacing } from '@pocketping/core';
import type { ApiClientOptions } from 'grammy';

/** Where the team answers is either `forumChatId` or `chatIds`. */
export interface TelegramBridgeOptions {
  /** The token that @BotFather gave the bot, e.g. `123456789:AAE…`. Undefined, as an unset variable is, is refused. */
  readonly botToken: string | undefined;
  /** The supergroup with topics in which the team answers, a topic for each conversation; its id begins with `-100`. */
  readonly forumChatId?: string | number | undefined;
  /**
   * Chats without topics, in which all conversations stand side by side and the team answers by replying: a person's chat
   * with the bot, or a group. Each is a bridge of its own, named after it; the others are the first one's `siblings`.
   */
  readonly chatIds?: string | number | readonly (string | number)[] | undefined;
  /** Show the page a visitor is on: in the topic's title and in its first message. Default: true. */
  readonly showUrl?: boolean | undefined;
  /** Show referrer, device, language, time zone, address, and what the site told about the person. Default: true. */
  readonly showMetadata?: boolean | undefined;
  /**
   * Names the bridge in storage: keep it. Lower-case letters, digits and dashes. With `chatIds` each chat's name is this
   * one, a dash and the chat's id. Default: `telegram`.
   */
  readonly name?: string | undefined;
  /** Telegram calls us instead of being polled. */
  readonly webhook?: TelegramWebhookOptions | undefined;
  /** What Telegram tolerates of this bot, for bots to which it grants more than the usual. Default: what it documents. */
  readonly pacing?: Pacing | undefined;
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

/** @see https://core.telegram.org/bots/api#setwebhook */
export interface TelegramWebhookOptions {
  /** The https address under which Telegram reaches `<mount>/webhooks/<name of the bridge>`. */
  readonly url: string;
  /** With what Telegram proves itself: 1 to 256 letters, digits, `_` and `-`. Default: made from the bot's token, the same on every node. */
  readonly secret?: string | undefined;
}
