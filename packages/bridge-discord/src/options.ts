import type { Pacing } from '@pocketping/core';

/** A bot that speaks and listens, or a webhook that only speaks. */
export type DiscordBridgeOptions = DiscordBotOptions | DiscordWebhookOptions;

interface Options {
  /** Show the page a visitor is on: in the thread's title and in its first message. Default: true. */
  readonly showUrl?: boolean | undefined;
  /** Show referrer, device, language, time zone, address, and what the site told about the person. Default: true. */
  readonly showMetadata?: boolean | undefined;
  /** Names the bridge in storage: keep it. Lower-case letters, digits and dashes, up to 32. Default: `discord`. */
  readonly name?: string | undefined;
  /** What Discord tolerates, for bots to which it grants more than the usual. Default: see `limits.ts`. */
  readonly pacing?: Pacing | undefined;
  /** How requests are made, e.g. through a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

export interface DiscordBotOptions extends Options {
  /** The bot's token, from its application's page → Bot → Reset Token. Undefined, as an unset variable is, is refused. */
  readonly botToken: string | undefined;
  /** The text or forum channel in which the team answers: its id, as a string. */
  readonly channelId: string | undefined;
  /** A thread for each conversation. False: all of them stand side by side in the channel, and a reply answers. Default: true. */
  readonly useThreads?: boolean | undefined;
  /** Where the API is, without version and trailing slash. Default: `https://discord.com/api`. */
  readonly apiRoot?: string | undefined;
  readonly webhookUrl?: undefined;
}

export interface DiscordWebhookOptions extends Options {
  /**
   * A channel's webhook, from its settings → Integrations → Webhooks → Copy Webhook URL. Posts go there, and nothing is
   * heard. With `?thread_id=…` at its end they go to that thread of the channel.
   */
  readonly webhookUrl: string | undefined;
  readonly botToken?: undefined;
  readonly channelId?: undefined;
  readonly useThreads?: undefined;
  readonly apiRoot?: undefined;
}
