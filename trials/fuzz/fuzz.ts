import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TelegramEmulator } from '@pocketping/emulators';
import { randomFrom } from '../random.js';
import type { Bundle } from '../server/bundle.js';
import type { Measurement } from '../server/messages.js';
import { ServerProcess } from '../server/process.js';
import { until } from '../until.js';
import type { Connection } from './connection.js';
import { playHttpCase } from './http-case.js';
import { playSocketCase } from './socket-case.js';
import type { Target } from './target.js';
import type { Known, KnownPlatform } from './valid-values.js';
import { conversationAt, WellBehaved } from './well-behaved.js';

/** What random input came to. */
export interface Outcome {
  readonly cases: number;
  /** Messages that somebody else had taken meanwhile. */
  readonly wellBehaved: number;
  /** What the server held after the first fifth of the time, and at the end. */
  readonly weighed?: { readonly before: Measurement; readonly after: Measurement };
}

/** How much is fuzzed: so many connections, or for so many milliseconds. */
export interface Extent {
  readonly cases?: number;
  readonly ms?: number;
  /** See that the server does not grow. */
  readonly weigh?: boolean;
}

/** Connections that fuzz at the same time: half of them bodies, half of them frames. */
const FUZZERS = 6;
/** Cases after which a fuzzer gets another conversation: the last one may have been ended. */
const CONVERSATION_CASES = 40;
/** Connections on which nothing more is said, at the most. */
const ABANDONED = 200;

/** Fuzzes a server of its own. @throws Error for whatever it must not do, with what it was sent */
export const fuzz = async (
  bundle: Bundle,
  seed: number,
  { cases = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY, weigh = false }: Extent,
): Promise<Outcome> => {
  // Whoever calls the webhook is a fuzzer; the platform itself keeps to what it is told.
  const telegram = await TelegramEmulator.start({ webhookFetch: async () => new Response() });
  const { botToken, forumChatId, apiRoot } = telegram;
  const server = new ServerProcess(
    bundle.program,
    {
      file: join(bundle.folder, `fuzz-${seed}.db`),
      port: 0,
      telegram: { botToken, forumChatId, apiRoot, webhook: { url: WEBHOOK_URL, secret: SECRET } },
    },
    ['--expose-gc'],
  );
  try {
    const port = await server.listening;
    const url = `http://127.0.0.1:${port}/pocketping`;
    const room = new Room(port, url, seed, {
      chatId: Number(forumChatId),
      secret: SECRET,
      topicIds: () => telegram.topics().map(({ id }) => id),
    });
    const other = await WellBehaved.arrive(url);
    await Promise.race([room.fuzz(cases / 5, ms / 5), failed(server)]);
    const before = weigh ? await idle(server) : undefined;
    await Promise.race([room.fuzz(cases, (ms * 4) / 5), failed(server)]);
    const wellBehaved = await other.leave();
    const after = before && (await atRest(server, before));
    const errors = server.logged.filter(
      ({ level, message }) => level === 'error' && message !== NOT_UNDERSTOOD,
    );
    if (errors.length > 0) throw new Error(`the server logged ${JSON.stringify(errors[0]).slice(0, 3000)}`);
    await server.stop();
    return { cases: room.cases, wellBehaved, ...(before && after && { weighed: { before, after } }) };
  } catch (cause) {
    const logged = server.logged.slice(-3).map(({ message, error }) => `${message}: ${error}`.slice(0, 1500));
    const words = ['--- logged last', ...logged, '--- last words', server.lastWords];
    throw new Error(`${String(cause)}\n${words.join('\n')}`, { cause });
  } finally {
    await server.kill();
    await telegram.close();
  }
};

/** What the server says, and should say, of nonsense that comes with the platform's own secret. */
const NOT_UNDERSTOOD = 'Did not understand a Telegram update; passed over it';

const WEBHOOK_URL = 'http://localhost/pocketping/webhooks/telegram';
const SECRET = 'between-the-platform-and-us';

/** Rejects when the server is gone. */
const failed = async (server: ServerProcess): Promise<never> => {
  const how = await server.ended;
  throw new Error(`the server ended: ${how}\n${server.lastWords}`);
};

/** What the server holds when the fuzzers have left, but not the visitor who does no harm. */
const idle = async (server: ServerProcess): Promise<Measurement> => {
  await until(async () => (await server.measure()).connections <= FEW, 'the connections are gone');
  return server.measure({ counts: true });
};

/** The same a while later, if need be: connections that were cut are let go of after five seconds, at the latest. */
const atRest = async (server: ServerProcess, before: Measurement): Promise<Measurement> => {
  let after = await idle(server);
  for (let look = 0; look < 10 && mostLeft(before, after) > TOLERATED; look++) {
    await pause(500);
    after = await idle(server);
  }
  return after;
};

const mostLeft = (before: Measurement, after: Measurement): number =>
  Math.max(...COUNTED.map((name) => (after.counts[name] ?? 0) - (before.counts[name] ?? 0)));

/** What each connection has, and what nothing may be left of. */
export const COUNTED = ['Socket', 'WebSocket', 'EventEmitter', 'Timeout', 'AbortController', 'Set', 'Map'];

/** As many may differ: they belong to whoever is still there. */
export const TOLERATED = 50;

/** The visitor's own connections. */
const FEW = 10;

/** Where fuzzers take turns. */
class Room {
  cases = 0;
  readonly #port: number;
  readonly #url: string;
  readonly #seed: number;
  readonly #platform: KnownPlatform;
  readonly #turns = new Array<number>(FUZZERS).fill(0);
  readonly #abandoned: Connection[] = [];

  constructor(port: number, url: string, seed: number, platform: KnownPlatform) {
    this.#platform = platform;
    this.#port = port;
    this.#url = url;
    this.#seed = seed;
  }

  /** Goes on until there were so many cases altogether, or for so many milliseconds. */
  async fuzz(cases: number, ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    const goesOn = () => this.cases < cases && performance.now() < deadline;
    await Promise.all(this.#turns.map((_, fuzzer) => this.#fuzz(fuzzer, goesOn)));
    for (const connection of this.#abandoned.splice(0)) connection.reset();
  }

  async #fuzz(fuzzer: number, goesOn: () => boolean): Promise<void> {
    const play = fuzzer % 2 === 0 ? playHttpCase : playSocketCase;
    let known: Known | undefined;
    while (goesOn()) {
      const turn = this.#turns[fuzzer] ?? 0;
      if (!known || turn % CONVERSATION_CASES === 0) {
        known = await conversationAt(this.#url, `fuzzer-${fuzzer}-${turn}`, this.#platform);
      }
      await this.#played(play, known, fuzzer, turn);
      this.#turns[fuzzer] = turn + 1;
      this.cases++;
    }
  }

  async #played(play: (target: Target) => Promise<void>, known: Known, fuzzer: number, turn: number) {
    const random = randomFrom(
      this.#seed ^ Math.imul(fuzzer + 1, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b),
    );
    try {
      await play({ port: this.#port, known, random, abandon: (connection) => this.#abandon(connection) });
    } catch (cause) {
      throw new Error(`fuzzer ${fuzzer}, case ${turn}: ${String(cause)}`, { cause });
    }
  }

  #abandon(connection: Connection): void {
    this.#abandoned.push(connection);
    if (this.#abandoned.length > ABANDONED) this.#abandoned.shift()?.reset();
  }
}
