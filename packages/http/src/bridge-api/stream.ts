import { type Clock, type Mirror, PocketPingError, type TeamNews } from '@pocketping/core';
import type { BridgeStreamQuery } from '@pocketping/protocol';
import type { TextSink, WireHeaders } from '../wire.js';
import { teamEventOf } from './projection.js';

/** A reader hears something at least this often. */
const TEAM_HEARTBEAT_MS = 30_000;
/** Milliseconds that a client waits before it reconnects. */
const RETRY_MS = 2000;
/** How long a reader who does not read is waited for, and how often it is looked at meanwhile. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 50;

interface Streaming {
  readonly mirror: Mirror;
  readonly clock: Clock;
  /** Bytes a reader may be behind before no more is read for it. */
  readonly bufferBytes: number;
}

/**
 * Sends what the team does in a backend's sessions as server-sent events: `id` is the position, `event` the type, `data` the event.
 * Resolves when it is under way. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function streamTeam(
  streaming: Streaming,
  { origin, after, since }: BridgeStreamQuery,
  text: TextSink,
  signal: AbortSignal,
): Promise<void> {
  const { mirror } = streaming;
  const from = { origin, after, ...(since !== undefined && { since: Date.parse(since) }) };
  const news = mirror.team(from, signal)[Symbol.asyncIterator]();
  const first = await news.next();
  if (first.done)
    throw new PocketPingError('unavailable', 'This server is stopping.', { retryAfterMs: 1000 });
  text.write(`retry: ${RETRY_MS}\n\n`);
  void new TeamStream(streaming, origin, text).run(first.value, news, signal);
}

/** One reader of the bridge API's stream. */
class TeamStream {
  #position: number | undefined;
  #atHead = false;

  constructor(
    private readonly streaming: Streaming,
    private readonly origin: string,
    private readonly text: TextSink,
  ) {}

  async run(first: TeamNews, rest: AsyncIterator<TeamNews>, signal: AbortSignal): Promise<void> {
    const { clock } = this.streaming;
    let cancel = () => {};
    const beat = () => {
      if (this.#position !== undefined) this.#write({ kind: 'upTo', position: this.#position });
      else this.text.write(': \n\n');
      cancel = clock.schedule(TEAM_HEARTBEAT_MS, beat);
    };
    cancel = clock.schedule(TEAM_HEARTBEAT_MS, beat);
    try {
      for (let next = first; ; ) {
        this.#take(next);
        if (!(await this.#hasRoom(signal))) break;
        const { done, value } = await rest.next();
        if (done) break;
        next = value;
      }
    } catch {
      // The log could not be read on: the reader comes back, and goes on where it was.
    } finally {
      cancel();
      this.text.end();
      await rest.return?.();
    }
  }

  #take(news: TeamNews): void {
    if (news.kind === 'entry') this.#position = news.entry.event.position;
    if (news.kind === 'upTo') {
      this.#position = news.position;
      // Later ones come with the heartbeat.
      if (this.#atHead) return;
      this.#atHead = true;
    }
    this.#write(news);
  }

  #write(news: TeamNews): void {
    const event = teamEventOf(news, this.origin, this.streaming.clock.now());
    if (!event) return;
    const hasPlace = news.kind === 'entry' || news.kind === 'upTo';
    const id = hasPlace && this.#position !== undefined ? `id: ${this.#position}\n` : '';
    this.text.write(`${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /** Waits for a reader who is behind. @returns false for one who does not read any more */
  async #hasRoom(signal: AbortSignal): Promise<boolean> {
    const { clock, bufferBytes } = this.streaming;
    const until = clock.now() + PATIENCE_MS;
    while (this.text.bufferedBytes > bufferBytes) {
      if (signal.aborted || clock.now() > until) return false;
      await clock.sleep(LOOK_MS, signal);
    }
    return !signal.aborted;
  }
}

/** Where a browser's own `EventSource`, or anybody else who keeps the last `id`, goes on. */
export function resumeTeamFrom(query: BridgeStreamQuery, headers: WireHeaders): BridgeStreamQuery {
  const lastEventId = headers['last-event-id'];
  return typeof lastEventId === 'string' && /^\d{1,15}$/.test(lastEventId)
    ? { ...query, after: Number(lastEventId) }
    : query;
}
