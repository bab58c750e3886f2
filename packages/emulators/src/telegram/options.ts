import type { EmulatorClock } from './clock.js';
import type { Limits } from './limits.js';
import type { OperatorName } from './operator.js';

export interface TelegramEmulatorOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` unless told. */
  readonly host?: string;
  /** False: no port is opened, and the API answers through `fetch` and `handler` only. */
  readonly listen?: boolean;
  /** Invented, in the usual form, unless told or kept in the file. */
  readonly botToken?: string | undefined;
  /** The supergroup's id, `-100…`; invented unless told or kept in the file. */
  readonly forumChatId?: string | number | undefined;
  /** The group's name. */
  readonly title?: string | undefined;
  /**
   * The bot's privacy mode, true unless told: where it is no administrator it hears only what concerns it.
   * @see https://core.telegram.org/bots/features#privacy-mode
   */
  readonly privacy?: boolean | undefined;
  /** Begins with this webhook set, whatever the file kept. @see https://core.telegram.org/bots/api#setwebhook */
  readonly webhook?: string | WebhookOption | undefined;
  /** Milliseconds before an update that the webhook did not take is posted again, doubled each time; 250 unless told. */
  readonly webhookRetryMs?: number;
  /** How updates are posted to the webhook: `fetch` unless told. */
  readonly webhookFetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Enforces the platform's rate limits, or the given ones. */
  readonly limits?: boolean | Limits | undefined;
  /** Who holds the phone of the page, unless the page is opened with `?as=<name>`. */
  readonly phoneOperator?: OperatorName;
  /** A file that keeps everything across restarts. */
  readonly file?: string | undefined;
  /** Host names besides `localhost` and IP addresses under which the phone page may be opened. */
  readonly allowedHosts?: readonly string[];
  /** For dates, the age of updates and everything that waits; the system's unless told. */
  readonly clock?: EmulatorClock;
  /** Makes the ids and the token that are invented the same each time. */
  readonly seed?: number | undefined;
}

export interface WebhookOption {
  readonly url: string;
  readonly secretToken?: string | undefined;
  /** 40 unless told. */
  readonly maxConnections?: number | undefined;
}
