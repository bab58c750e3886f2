import type { Seq, SessionId } from '@pocketping/protocol';
import type { Follower, Following, Presence, Signal } from '../conversation/conversation.js';
import type { LogEntry } from '../model/index.js';
import type { Clock, Logger, StoragePort } from '../ports/index.js';
import type { Hub, Listener } from './hub.js';
import { whyNotResume } from './resuming.js';
import { isForVisitors } from './visible.js';

const PAGE = 200;
const RETRY_MS = 1000;

interface Ports {
  readonly storage: StoragePort;
  readonly hub: Hub;
  readonly presence: { current(): Presence };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Brings one follower up to the log and keeps it there. Rejects when the log cannot be read. */
export const follow = async (
  ports: Ports,
  from: { sessionId: SessionId; after: Seq },
  follower: Follower,
): Promise<Following> => {
  const followed = new FollowedLog(ports, from, follower);
  await followed.begin();
  return followed;
};

/**
 * What the hub says is used directly when it continues at the cursor; anything else (a gap, a head that is further on)
 * only means that the log has to be read. There is one for each open stream, so it holds little while nothing happens.
 */
class FollowedLog implements Listener, Following {
  readonly #ports: Ports;
  readonly #sessionId: SessionId;
  readonly #follower: Follower;
  #cursor: Seq;
  #head = 0;
  #reading = true;
  #closed = false;
  /** What was said to a visitor since the team has kept them out, while it is not known whether it still does. */
  #held: LogEntry[] | undefined;
  /** Ends the wait that is under way, if one is. */
  #waiting: AbortController | undefined;

  constructor(ports: Ports, from: { sessionId: SessionId; after: Seq }, follower: Follower) {
    this.#ports = ports;
    this.#sessionId = from.sessionId;
    this.#follower = follower;
    this.#cursor = from.after;
  }

  get seq(): Seq {
    return this.#cursor;
  }

  get presence(): Presence {
    return this.#ports.presence.current();
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.abort();
    this.#ports.hub.leave(this.#sessionId, this);
  }

  async begin(): Promise<void> {
    const { hub, storage } = this.#ports;
    await hub.join(this.#sessionId, this);
    if (this.#closed) return;
    try {
      const heads = await storage.heads([this.#sessionId]);
      this.#head = Math.max(this.#head, heads.get(this.#sessionId) ?? 0);
      const from = { sessionId: this.#sessionId, after: this.#cursor };
      const reset = await whyNotResume(this.#ports, from, this.#head);
      if (reset) {
        for (const event of reset.events) this.#guarded(() => this.#follower.signal(event));
        this.#guarded(() => this.#follower.reset(reset.reason, reset.seq));
        this.close();
      } else {
        await this.#readOn();
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  committed(entries: readonly LogEntry[]): void {
    const first = entries[0]?.event.seq ?? 0;
    if (!this.#reading && first <= this.#cursor + 1) {
      for (const entry of entries) this.#bring(entry);
      if (this.#held) this.#end('blocked');
    } else this.head(entries.at(-1)?.event.seq ?? 0);
  }

  head(seq: Seq): void {
    if (seq > this.#head) this.#head = seq;
    if (!this.#reading && this.#head > this.#cursor) void this.#catchUp();
  }

  signal(signal: Signal): void {
    this.#guarded(() => this.#follower.signal(signal));
  }

  stop(): void {
    this.#end('stopping');
  }

  #end(reason: 'blocked' | 'stopping'): void {
    this.#guarded(() => this.#follower.end(reason));
    this.close();
  }

  #guarded(tell: () => void): void {
    if (this.#closed) return;
    try {
      tell();
    } catch (err) {
      this.#ports.logger.debug({ err, sessionId: this.#sessionId }, 'a follower failed and is let go');
      this.close();
    }
  }

  #bring(entry: LogEntry): void {
    if (entry.event.seq <= this.#cursor) return;
    this.#cursor = entry.event.seq;
    const { type } = entry.event;
    if (type === 'visitor_blocked') this.#held = [];
    if (type === 'visitor_unblocked') this.#release();
    if (!isForVisitors(entry.event, this.#ports.clock.now())) return;
    if (this.#held) this.#held.push(entry);
    else this.#guarded(() => this.#follower.entry(entry));
  }

  /** The log goes on to say that the visitor was let in again: what came in between is theirs. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const entry of held) this.#guarded(() => this.#follower.entry(entry));
  }

  async #readOn(): Promise<void> {
    this.#reading = true;
    while (!this.#closed) {
      const page = await this.#ports.storage.events(this.#sessionId, { after: this.#cursor, limit: PAGE });
      for (const entry of page) this.#bring(entry);
      if (page.length < PAGE && this.#head <= this.#cursor) break;
      // The head was announced before this replica of the log shows it.
      if (page.length === 0) await this.#wait();
    }
    this.#reading = false;
    if (this.#held) this.#end('blocked');
  }

  async #catchUp(): Promise<void> {
    while (!this.#closed) {
      try {
        return await this.#readOn();
      } catch (err) {
        this.#ports.logger.warn(
          { err, sessionId: this.#sessionId },
          'could not read the log for a follower; trying again',
        );
        await this.#wait();
      }
    }
  }

  async #wait(): Promise<void> {
    this.#waiting = new AbortController();
    await this.#ports.clock.sleep(RETRY_MS, this.#waiting.signal);
    this.#waiting = undefined;
  }
}
