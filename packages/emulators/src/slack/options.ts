import type { EmulatorClock } from '../telegram/clock.js';
import type { PersonName } from './workspace.js';

export interface SlackEmulatorOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` unless told. */
  readonly host?: string;
  /** False: no port is opened, and the API answers through `fetch` and `handler` only; there is no Socket Mode then. */
  readonly listen?: boolean;
  /** `xoxb-…`; invented unless told or kept in the file, like the following. */
  readonly botToken?: string | undefined;
  /** `xapp-…`, for Socket Mode. */
  readonly appToken?: string | undefined;
  readonly signingSecret?: string | undefined;
  /** The channel in which the team is, `C…`. */
  readonly channelId?: string | undefined;
  /** Its name, without the `#`; `support` unless told. */
  readonly channelName?: string | undefined;
  /** The workspace's name. */
  readonly teamName?: string | undefined;
  /** What the app's bot is called; `PocketPing` unless told. */
  readonly botName?: string | undefined;
  /** What the bot's token may do; everything that a method here asks for unless told. */
  readonly scopes?: readonly string[] | undefined;
  /** Where events are posted to. Without it they go to whoever is connected in Socket Mode. */
  readonly requestUrl?: string | undefined;
  /**
   * Milliseconds before each further attempt at an event that was not taken; almost none, a minute and five minutes unless
   * told, after which it is lost.
   * @see https://docs.slack.dev/apis/events-api#retries
   */
  readonly eventRetriesMs?: readonly number[];
  /** Whether an event that comes again has a new id, as Slack's late deliveries do; true unless told. */
  readonly freshEventIds?: boolean;
  /** How events are posted: `fetch` unless told. */
  readonly eventFetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds from the end of an upload until the file appears in its channel: 0 unless told. Slack takes its time. */
  readonly fileShareMs?: number;
  /** Who holds the phone of the page, unless the page is opened with `?as=<name>`. */
  readonly phoneOperator?: PersonName;
  /** A file that keeps everything across restarts. */
  readonly file?: string | undefined;
  /** Host names besides `localhost` and IP addresses under which the phone page may be opened. */
  readonly allowedHosts?: readonly string[];
  /** For timestamps and everything that waits; the system's unless told. */
  readonly clock?: EmulatorClock;
  /** Makes what is invented the same each time. */
  readonly seed?: number | undefined;
}
