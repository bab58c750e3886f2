import type { Seq, SessionId } from '@pocketping/protocol';
import type { Signal } from '../conversation/conversation.js';
import type { Json, LogEntry } from '../model/index.js';
import type { Broker, Cancel, Clock, Logger, StoragePort } from '../ports/index.js';

/** How often a node compares the heads of its followed sessions with the storage: the longest a silent loss can last. */
const HEARTBEAT_MS = 10_000;
const HEADS_PER_READ = 500;
/** Followers who are told something without a pause: a few milliseconds' worth. */
const TOLD_AT_ONCE = 500;

/** One who follows a session on this node. */
export interface Listener {
  /** Entries were committed, consecutive in `seq`. */
  committed(entries: readonly LogEntry[]): void;
  /** The log reaches this far. */
  head(seq: Seq): void;
  signal(signal: Signal): void;
  /** This node stops. */
  stop(): void;
}

interface Room {
  readonly listeners: Set<Listener>;
  readonly subscribed: Promise<() => void>;
}

/** What nodes tell each other of a session. */
type Told = { node: string; entries: readonly LogEntry[] } | { node: string; signal: Signal };

/** Carries what was committed to whoever follows, on this node at once and on others through the broker. */
export class Hub {
  readonly #node: string;
  readonly #storage: StoragePort;
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rooms = new Map<SessionId, Room>();
  /** What is being told to everybody, and who of them is still to be told. */
  readonly #broadcasts: { readonly signal: Signal; readonly rooms: IterableIterator<SessionId> }[] = [];
  #beat: Cancel | undefined;
  #stopped = false;

  constructor(node: string, ports: { storage: StoragePort; broker: Broker; clock: Clock; logger: Logger }) {
    this.#node = node;
    this.#storage = ports.storage;
    this.#broker = ports.broker;
    this.#clock = ports.clock;
    this.#logger = ports.logger;
  }

  /** Resolves once the listener hears everything that is committed from now on, this node's and others'. */
  async join(sessionId: SessionId, listener: Listener): Promise<() => void> {
    let room = this.#rooms.get(sessionId);
    if (!room) {
      room = {
        listeners: new Set(),
        subscribed: this.#broker.subscribe(channel(sessionId), (payload) => this.#hear(sessionId, payload)),
      };
      this.#rooms.set(sessionId, room);
      this.#beat ??= this.#clock.schedule(HEARTBEAT_MS, () => void this.#heartbeat());
    }
    const { listeners, subscribed } = room;
    listeners.add(listener);
    const leave = () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#rooms.get(sessionId)?.listeners !== listeners) return;
      this.#rooms.delete(sessionId);
      void subscribed.then((end) => end()).catch(() => {});
    };
    try {
      await subscribed;
      // Whoever comes while everything ends is sent away like those who are there.
      if (this.#stopped) listener.stop();
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** Entries of one commit. */
  tell(sessionId: SessionId, entries: readonly LogEntry[]): void {
    this.#committed(sessionId, entries);
    this.#publish(sessionId, { node: this.#node, entries });
  }

  /** Something ephemeral, for the followers of one session. */
  signal(sessionId: SessionId, signal: Signal): void {
    this.#signalled(sessionId, signal);
    this.#publish(sessionId, { node: this.#node, signal });
  }

  /** Something ephemeral, for everybody connected to this node; a few at a time, so that nobody else waits for it. */
  signalHere(signal: Signal): void {
    this.#broadcasts.push({ signal, rooms: [...this.#rooms.keys()].values() });
    if (this.#broadcasts.length === 1) this.#tellSome();
  }

  stop(): void {
    this.#stopped = true;
    this.#broadcasts.length = 0;
    this.#beat?.();
    for (const room of [...this.#rooms.values()]) {
      for (const listener of [...room.listeners]) listener.stop();
    }
  }

  #publish(sessionId: SessionId, told: Told): void {
    this.#broker.publish(channel(sessionId), told as unknown as Json);
  }

  #hear(sessionId: SessionId, payload: Json): void {
    const told = payload as unknown as Told;
    if (told.node === this.#node) return;
    if ('entries' in told) this.#committed(sessionId, told.entries);
    else this.#signalled(sessionId, told.signal);
  }

  #committed(sessionId: SessionId, entries: readonly LogEntry[]): void {
    const room = this.#rooms.get(sessionId);
    if (room) for (const listener of [...room.listeners]) listener.committed(entries);
  }

  #signalled(sessionId: SessionId, signal: Signal): number {
    const room = this.#rooms.get(sessionId);
    if (!room) return 0;
    for (const listener of [...room.listeners]) listener.signal(signal);
    return room.listeners.size;
  }

  #tellSome(): void {
    let told = 0;
    for (let now = this.#broadcasts[0]; now; now = this.#broadcasts[0]) {
      for (let next = now.rooms.next(); !next.done; next = now.rooms.next()) {
        told += this.#signalled(next.value, now.signal);
        if (told < TOLD_AT_ONCE) continue;
        this.#clock.schedule(0, () => this.#tellSome());
        return;
      }
      this.#broadcasts.shift();
    }
  }

  /** The broker may lose; the storage does not. */
  async #heartbeat(): Promise<void> {
    try {
      const sessionIds = [...this.#rooms.keys()];
      for (let i = 0; i < sessionIds.length; i += HEADS_PER_READ) {
        const heads = await this.#storage.heads(sessionIds.slice(i, i + HEADS_PER_READ));
        for (const [sessionId, seq] of heads) {
          for (const listener of this.#rooms.get(sessionId)?.listeners ?? []) listener.head(seq);
        }
        if (i + HEADS_PER_READ < sessionIds.length) await this.#clock.sleep(0);
      }
    } catch (err) {
      this.#logger.warn({ err }, 'could not compare followed sessions with the storage; trying again');
    }
    const again = !this.#stopped && this.#rooms.size > 0;
    this.#beat = again ? this.#clock.schedule(HEARTBEAT_MS, () => void this.#heartbeat()) : undefined;
  }
}

const channel = (sessionId: SessionId): string => `session/${sessionId}`;
