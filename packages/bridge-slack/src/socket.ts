import { BridgeError, type BridgeHost } from '@pocketping/core';
import { SocketModeClient } from '@slack/socket-mode';
import { type Fields, fieldsOf } from './content.js';
import { isRefusal, toBridgeError, withoutSecrets } from './errors.js';
import { kindOf } from './hearing.js';
import type { BotSettings } from './settings.js';
import { clientOptions, secretsOf, silence } from './slack.js';

export interface Listening {
  readonly settings: BotSettings;
  readonly appToken: string;
  readonly host: BridgeHost;
  /** Resolves when the event has been dealt with; what rejects is not acknowledged, and Slack sends it again. */
  take(event: Fields): Promise<void>;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
}

/** A connection in Socket Mode. */
interface Line {
  readonly over: Promise<void>;
  end(): Promise<void>;
}

/**
 * Listens in Socket Mode until it is told to stop. Slack ends each connection after some hours; another one follows, and
 * what was said in between is caught up with.
 * @returns resolves with what never rejects and ends after a stop
 * @throws BridgeError when the first connection does not come about
 * @see https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export const listen = async (listening: Listening): Promise<{ readonly ended: Promise<void> }> => {
  const first = await connect(listening);
  return { ended: keepUp(listening, first) };
};

const keepUp = async (listening: Listening, first: Line): Promise<void> => {
  const { host, signal } = listening;
  const connection = connectionOf(host);
  for (let line: Line | undefined = first; line; line = await nextLine(listening, connection)) {
    await unlessAborted(line.over, signal).catch(() => {});
    await line.end();
    if (signal.aborted) return;
    const waitMs = connection.ended();
    if (waitMs > 0) await host.clock.sleep(waitMs, signal);
  }
};

/** Tries until one stands. @returns undefined after a stop */
const nextLine = async (listening: Listening, connection: Connection): Promise<Line | undefined> => {
  const { host, signal } = listening;
  while (!signal.aborted) {
    try {
      const line = await connect(listening);
      connection.stands();
      host.missed();
      return line;
    } catch (error) {
      if (signal.aborted) return undefined;
      await host.clock.sleep(connection.failed(error), signal);
    }
  }
  return undefined;
};

type Connection = ReturnType<typeof connectionOf>;

/** Follows how the lines come about and end, tells the engine, and answers how long to wait for the next one. */
const connectionOf = (host: BridgeHost) => {
  let failures = 0;
  let broken = false;
  let stoodFrom = host.clock.now();
  const breaks = (error: unknown) => {
    broken = true;
    host.broken(error);
  };
  return {
    stands(): void {
      stoodFrom = host.clock.now();
      if (broken) host.healed();
      broken = false;
    },
    /** @returns milliseconds to wait: Slack ends a line now and then, and the next one follows at once */
    ended(): number {
      if (host.clock.now() - stoodFrom >= STEADY_MS) failures = 0;
      else failures += 1;
      if (failures <= 1) return 0;
      breaks(
        new BridgeError('unavailable', 'Slack ends the connection in Socket Mode as soon as it stands.'),
      );
      return backoffMs(failures - 1);
    },
    /** @returns milliseconds to wait */
    failed(error: unknown): number {
      failures += 1;
      host.logger.debug({ err: error }, 'Connecting to Slack failed');
      const { code, retryAfterMs } = error as BridgeError;
      // One attempt that fails is over in half a second.
      if (failures > 1 || code !== 'unavailable') breaks(error);
      return retryAfterMs ?? backoffMs(failures);
    },
  };
};

/** Milliseconds for a line to have stood before its end is nothing out of the ordinary. */
const STEADY_MS = 30_000;

/** Milliseconds within which Slack has to greet. */
const GREETING_MS = 20_000;

/** Milliseconds that a connection is given to end well. */
const FAREWELL_MS = 2_000;

/**
 * The client connects once and does not come back by itself: it would give up for good, with a rejection that nobody can
 * catch, at the first failure of the network.
 * @throws BridgeError
 */
const connect = async (listening: Listening): Promise<Line> => {
  const { settings, appToken, host, signal } = listening;
  if (signal.aborted) throw stopped();
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    logger: silence,
    clientOptions: clientOptions(settings, signal),
  });
  readSturdily(client, (err) => {
    // It was not acknowledged: Slack sends it again, and it may be readable then.
    host.logger.error({ err }, 'Did not understand what came from Slack; passed over it');
    host.missed();
  });
  const over = new Promise<void>((resolve) => client.on('disconnected', () => resolve()));
  const end = async () => {
    const greeted = new AbortController();
    await Promise.race([client.disconnect(), host.clock.sleep(FAREWELL_MS, greeted.signal)]);
    greeted.abort();
  };
  client.on('slack_event', (envelope: Envelope) => void deal(listening, envelope));
  let told: unknown;
  client.on('error', (error: unknown) => {
    told ??= error;
  });
  const timeout = new AbortController();
  try {
    const late = host.clock.sleep(GREETING_MS, timeout.signal).then(() => {
      throw signal.aborted
        ? stopped()
        : new BridgeError('unavailable', 'Slack did not greet in Socket Mode.');
    });
    await unlessAborted(Promise.race([client.start(), late]), signal);
  } catch (error) {
    await end();
    if (signal.aborted) throw stopped();
    throw failed(error ?? told, settings);
  } finally {
    timeout.abort();
  }
  return { over, end };
};

/** The client reads each frame in a promise that nobody waits for: what that rejects with would end the process. */
const readSturdily = (client: SocketModeClient, unread: (error: unknown) => void): void => {
  const readers = client.listeners(FRAME) as ((...frame: unknown[]) => unknown)[];
  client.removeAllListeners(FRAME);
  client.on(FRAME, async (...frame: unknown[]) => {
    try {
      for (const read of readers) await read(...frame);
    } catch (error) {
      unread(error);
    }
  });
};

/** With this the client's connection hands it a frame. */
const FRAME = 'ws_message';

interface Envelope {
  readonly type: string;
  readonly body: unknown;
  ack(): Promise<void>;
}

/** An envelope is acknowledged once what is in it was taken. */
const deal = async ({ take, host }: Listening, { type, body, ack }: Envelope): Promise<void> => {
  const event = fieldsOf(fieldsOf(body).event);
  try {
    if (type === 'events_api') await take(event);
  } catch (err) {
    // Slack tries three times; what does not come again in a minute, the engine asks for.
    host.logger.warn({ err, ...kindOf(event) }, 'A Slack event could not be stored; it comes again');
    return;
  }
  await ack().catch((err: unknown) =>
    host.logger.debug({ err }, 'A Slack event was not acknowledged; it comes again'),
  );
};

const failed = (error: unknown, settings: BotSettings): BridgeError => {
  const secrets = secretsOf(settings);
  const { channelId } = settings;
  const known = toBridgeError(error, { effect: false, token: 'appToken', secrets, channelId });
  const isTheirs = known.code === 'invalid' || isRefusal(known, 'missing_scope', 'not_allowed_token_type');
  if (!isTheirs) return known;
  return new BridgeError(
    'misconfigured',
    `Slack does not open a connection in Socket Mode (${withoutSecrets(error, { secrets }).message}). Open https://api.slack.com/apps → your app → Socket Mode and enable it; appToken needs the scope connections:write.`,
  );
};

const stopped = (): BridgeError => new BridgeError('unavailable', 'The bridge was stopped while it started.');

/** Rejects as soon as the signal is aborted; leaves nothing behind on a signal that lives long. */
const unlessAborted = async <T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> => {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(stopped());
    signal.addEventListener('abort', abort);
  });
  try {
    if (signal.aborted) throw stopped();
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Doubles from half a second to half a minute, less up to half of it by chance. */
const backoffMs = (attempt: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS) * (1 - Math.random() / 2);
