import type { Pacing } from '@pocketping/core';

/** Either `botToken` and `channelId` with one of `signingSecret` and `appToken`, or `webhookUrl` alone. */
export interface SlackBridgeOptions {
  /** The Bot User OAuth Token, `xoxb-…`. Undefined, as an unset variable is, counts as not given; so with all of these. */
  readonly botToken?: string | undefined;
  /** The channel in which the team answers, e.g. `C0123456789`; a thread for each conversation. */
  readonly channelId?: string | undefined;
  /**
   * Slack calls us: what proves that it is Slack.
   * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
   */
  readonly signingSecret?: string | undefined;
  /**
   * We connect to Slack, in Socket Mode, where there is no public address: the App-Level Token, `xapp-…`, with the scope
   * `connections:write`. With it the signing secret is not used.
   * @see https://docs.slack.dev/apis/events-api/using-socket-mode
   */
  readonly appToken?: string | undefined;
  /**
   * Only posts, through an incoming webhook, without a bot: conversations stand side by side in its channel.
   * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
   */
  readonly webhookUrl?: string | undefined;
  /** Show the page a visitor is on. Default: true. */
  readonly showUrl?: boolean | undefined;
  /** Show referrer, device, language, time zone, address, and what the site told about the person. Default: true. */
  readonly showMetadata?: boolean | undefined;
  /** Names the bridge in storage: keep it. Lower-case letters, digits and dashes. Default: `slack`. */
  readonly name?: string | undefined;
  /** What Slack tolerates of this app, where it grants more than the usual. Default: what it documents. */
  readonly pacing?: Pacing | undefined;
  /** Where the Web API is. Default: `https://slack.com/api/`. */
  readonly apiUrl?: string | undefined;
  /** How requests are made, e.g. through a proxy. Default: the runtime's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}
