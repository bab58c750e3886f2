import type { RateLimits } from '../../packages/http/src/rate-limits.js';

/** How a trial wants its server. */
export interface ServerSettings {
  /** The database's file. */
  readonly file: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Where the team answers: the emulated Telegram. */
  readonly telegram?: {
    readonly botToken: string;
    readonly forumChatId: string;
    readonly apiRoot: string;
    /** Where it calls the server, instead of being polled. */
    readonly webhook?: { readonly url: string; readonly secret: string };
  };
  /** The emulated Discord. */
  readonly discord?: { readonly botToken: string; readonly channelId: string; readonly apiRoot: string };
  /** The emulated Slack, heard in Socket Mode. */
  readonly slack?: {
    readonly botToken: string;
    readonly channelId: string;
    readonly appToken: string;
    readonly apiUrl: string;
  };
  /** Another server, whose bridges it uses. */
  readonly remote?: { readonly bridgeUrl: string; readonly apiKey: string };
  /** Lets backends use its bridges. */
  readonly apiKey?: string;
  /** A team that says nothing, so that deliveries are made. */
  readonly quietPlatform?: boolean;
  /** None by default: trials do more than any visitor may. */
  readonly rateLimits?: RateLimits;
}

/** `measure` and `count` answer with a {@link Measurement}; `stop` ends the server as an owner does. */
export type Ask = 'measure' | 'count' | 'stop';

export type FromServer =
  | { readonly listening: number }
  | { readonly logged: LogLine }
  | { readonly measured: Measurement };

/** What the server thought worth a warning or an error. */
export interface LogLine {
  readonly level: 'warn' | 'error';
  readonly message: string;
  /** The error with its stack, if there was one. */
  readonly error: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a process holds after everything that nobody needs was collected. */
export interface Measurement {
  /** Bytes of JavaScript objects. */
  readonly heapBytes: number;
  /** Bytes of buffers outside of that heap. */
  readonly bufferBytes: number;
  /** Connections that the HTTP server has. */
  readonly connections: number;
  /** How many objects there are of a class, and what keeps the event loop busy, by name; empty unless asked for. */
  readonly counts: Readonly<Record<string, number>>;
}
