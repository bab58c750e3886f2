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
  /** Replaced when somebody comes or goes: whoever is telling them something goes on with those who were there. */
  listeners: readonly Listener[];
  readonly subscribed: Promise<() => void>;
}

/** What nodes tell each other of a session. */
type Told = { node: string; sessionId: SessionId } & ({ entries: readonly LogEntry[] } | { signal: Signal });

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
  async join(sessionId: SessionId, listener: Listener): Promise<void> {
    const room = this.#rooms.get(sessionId) ?? this.#open(sessionId);
    room.listeners = room.listeners.concat(listener);
    try {
      await room.subscribed;
      // Whoever comes while everything ends is sent away like those who are there.
      if (this.#stopped) listener.stop();
    } catch (error) {
      this.leave(sessionId, listener);
      throw error;
    }
  }

  /** Harmless for one who is not there. */
  leave(sessionId: SessionId, listener: Listener): void {
    const room = this.#rooms.get(sessionId);
    if (!room?.listeners.includes(listener)) return;
    room.listeners = room.listeners.filter((other) => other !== listener);
    if (room.listeners.length > 0) return;
    this.#rooms.delete(sessionId);
    void room.subscribed.then((end) => end()).catch(() => {});
  }

  /** Entries of one commit. */
  tell(sessionId: SessionId, entries: readonly LogEntry[]): void {
    this.#committed(sessionId, entries);
    this.#publish({ node: this.#node, sessionId, entries });
  }

  /** Something ephemeral, for the followers of one session. */
  signal(sessionId: SessionId, signal: Signal): void {
    this.#signalled(sessionId, signal);
    this.#publish({ node: this.#node, sessionId, signal });
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
      for (const listener of room.listeners) listener.stop();
    }
  }

  #open(sessionId: SessionId): Room {
    const subscribed = this.#broker.subscribe(channel(sessionId), this.#hear);
    const room: Room = { listeners: [], subscribed };
    this.#rooms.set(sessionId, room);
    this.#beat ??= this.#clock.schedule(HEARTBEAT_MS, () => void this.#heartbeat());
    return room;
  }

  #publish(told: Told): void {
    this.#broker.publish(channel(told.sessionId), told as unknown as Json);
  }

  readonly #hear = (payload: Json): void => {
    const told = payload as unknown as Told;
    if (told.node === this.#node) return;
    if ('entries' in told) this.#committed(told.sessionId, told.entries);
    else this.#signalled(told.sessionId, told.signal);
  };

  #committed(sessionId: SessionId, entries: readonly LogEntry[]): void {
    for (const listener of this.#listeners(sessionId)) listener.committed(entries);
  }

  #signalled(sessionId: SessionId, signal: Signal): number {
    const listeners = this.#listeners(sessionId);
    for (const listener of listeners) listener.signal(signal);
    return listeners.length;
  }

  #listeners(sessionId: SessionId): readonly Listener[] {
    return this.#rooms.get(sessionId)?.listeners ?? [];
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
          for (const listener of this.#listeners(sessionId)) listener.head(seq);
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
