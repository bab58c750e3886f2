import type { EmulatorClock } from '../telegram/clock.js';
import type { DiscordLimits } from './limits.js';

export interface DiscordEmulatorOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` unless told. */
  readonly host?: string;
  /** False: no port is opened; `handler` and `upgrade` serve within your own server. */
  readonly listen?: boolean;
  /** Invented, in the usual form, unless told or kept in the file. */
  readonly botToken?: string | undefined;
  /** The server's name. */
  readonly title?: string | undefined;
  /** What the channel of `channelId` is: `text` unless told. */
  readonly channel?: 'text' | 'forum' | undefined;
  /** Enforces rate limits, and tells of them in every answer. None unless told. */
  readonly limits?: boolean | DiscordLimits | undefined;
  /** The phone shows the channel alone, for bots that work without threads. */
  readonly flat?: boolean | undefined;
  /** Who holds the phone of the page, unless the page is opened with `?as=<name>`. */
  readonly phoneOperator?: string | undefined;
  /** Host names besides `localhost` and IP addresses under which the phone page may be opened. */
  readonly allowedHosts?: readonly string[];
  /** A file that keeps everything across restarts. */
  readonly file?: string | undefined;
  /** For ids, dates, and everything that waits; the system's unless told. */
  readonly clock?: EmulatorClock;
}
