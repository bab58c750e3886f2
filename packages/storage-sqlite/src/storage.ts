import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Clock,
  type Committed,
  type Conflict,
  type LeaseStore,
  type LinkKey,
  type LogEntry,
  type Message,
  type MessageLink,
  type MessagesPage,
  type Session,
  type SessionsQuery,
  type StateEntry,
  type StoragePort,
  systemClock,
  type TaskStore,
  type Thread,
  type ThreadKey,
  type Visitor,
  type WriteSet,
} from '@pocketping/core';
import Database from 'libsql';
import { Checkpoints } from './checkpoints.js';
import { commitToSqlite } from './commit.js';
import { Connection, type SqliteDatabase } from './connection.js';
import { GroupCommit } from './group-commit.js';
import { Known } from './known.js';
import { SqliteLeases } from './leases.js';
import { migrate } from './migrations.js';
import { BUSY_MS } from './patience.js';
import {
  readFeed,
  readHeads,
  readLinks,
  readLog,
  readMessage,
  readMessages,
  readNewestPosition,
  readSession,
  readSessions,
  readState,
  readStates,
  readThread,
  readVisitor,
} from './reads.js';
import { SqliteTasks } from './tasks.js';

export type SqliteStorageOptions = {
  /** What tasks and leases go by; the machine's clock by default. */
  readonly clock?: Clock;
  /**
   * `NORMAL`, the default: what was committed survives the death of the process, and a power cut may take the last
   * moments. `FULL`: it survives that too, and every transaction waits for the disk.
   * @see https://www.sqlite.org/pragma.html#pragma_synchronous
   */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /**
   * Milliseconds that a call waits for another process to finish its transaction, before it rejects with
   * `unavailable`; 5,000 by default. The event loop goes on meanwhile.
   */
  readonly waitMs?: number;
} & (
  | {
      /** The database's file, created with its folder if need be; `:memory:` for one that goes with the process. */
      readonly file: string;
    }
  | {
      /** An open database of libsql or better-sqlite3. `close()` leaves it open. */
      readonly database: SqliteDatabase;
    }
);

/**
 * Conversations in one SQLite file, in WAL mode. Several processes on one machine may share it.
 *
 * What cannot be done because of the file or the disk rejects with a `PocketPingError` `unavailable`, whose message
 * says what to do.
 *
 * @example
 * const pp = new PocketPing({ storage: new SqliteStorage({ file: './data/pocketping.db' }) });
 */
export class SqliteStorage implements StoragePort {
  readonly tasks: TaskStore;
  readonly lease: LeaseStore;
  readonly #options: SqliteStorageOptions;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #known: Known;
  readonly #checkpoints: Checkpoints | null;
  readonly #group: GroupCommit;

  constructor(options: SqliteStorageOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { waitMs = WAIT_MS } = options;
    this.#connection = new Connection(nameOf(options), waitMs);
    this.#known = new Known(this.#connection);
    const file = fileOf(options);
    const checkpoints = file === null ? null : new Checkpoints(file);
    this.#checkpoints = checkpoints;
    const written = (works: number) => checkpoints?.written(works);
    this.#group = new GroupCommit(this.#connection, this.#known, { waitMs, written });
    this.tasks = new SqliteTasks(this.#connection, this.#group, this.#clock);
    this.lease = new SqliteLeases(this.#connection, this.#group, this.#clock);
  }

  /** Opens the file and migrates it. @throws PocketPingError `unavailable` */
  async init(): Promise<void> {
    if (this.#connection.isOpen) return;
    this.#connection.attach(() => opened(this.#options));
    this.#known.forget();
    try {
      await this.#connection.read(() => this.#setUp());
    } catch (error) {
      this.#connection.detach('database' in this.#options);
      throw error;
    }
  }

  /** Writes what is still waiting, and closes the file. */
  async close(): Promise<void> {
    if (!this.#connection.isOpen) return;
    await this.#group.drain();
    await this.#checkpoints?.close();
    this.#connection.detach('database' in this.#options);
  }

  async commit(write: WriteSet): Promise<Committed | Conflict> {
    return this.#group.run(() => commitToSqlite(this.#connection, this.#known, write, this.#clock.now()));
  }

  async session(id: string): Promise<Session | null> {
    return this.#connection.read(() => readSession(this.#connection, id));
  }

  async sessions(query: SessionsQuery): Promise<Session[]> {
    return this.#connection.read(() => readSessions(this.#connection, query));
  }

  async message(id: string): Promise<Message | null> {
    return this.#connection.read(() => readMessage(this.#connection, id));
  }

  async messages(sessionId: string, page: MessagesPage): Promise<Message[]> {
    return this.#connection.read(() => readMessages(this.#connection, sessionId, page));
  }

  async events(sessionId: string, page: { after: number; limit: number }): Promise<LogEntry[]> {
    return this.#connection.readTogether(() => readLog(this.#connection, sessionId, page));
  }

  async heads(sessionIds: readonly string[]): Promise<Map<string, number>> {
    return this.#connection.read(() => readHeads(this.#connection, sessionIds));
  }

  async feed(page: { after: number; limit: number }): Promise<LogEntry[]> {
    return this.#connection.readTogether(() => readFeed(this.#connection, page));
  }

  async newestPosition(): Promise<number> {
    return this.#connection.read(() => readNewestPosition(this.#connection));
  }

  async visitor(by: { tokenHash: string } | { id: string }): Promise<Visitor | null> {
    return this.#connection.read(() => {
      const visitor = readVisitor(this.#connection, by);
      // What they do next is a commit that expects the token.
      if (visitor && 'tokenHash' in by) this.#known.keepToken(by.tokenHash, visitor.id);
      return visitor;
    });
  }

  async thread(by: { bridge: string; sessionId: string } | ThreadKey): Promise<Thread | null> {
    return this.#connection.read(() => readThread(this.#connection, by));
  }

  async links(by: LinkKey | { bridge: string; messageId: string }): Promise<MessageLink[]> {
    return this.#connection.read(() => readLinks(this.#connection, by));
  }

  async state(scope: string, key: string): Promise<StateEntry | null> {
    return this.#connection.read(() => readState(this.#connection, scope, key));
  }

  async states(scope: string, page?: { after?: string; limit: number }): Promise<StateEntry[]> {
    return this.#connection.read(() => readStates(this.#connection, scope, page));
  }

  #setUp(): void {
    configure(this.#connection, this.#options.synchronous ?? 'NORMAL', this.#checkpoints !== null);
    migrate(this.#connection, nameOf(this.#options));
  }
}

const WAIT_MS = 5000;

/**
 * Pages in the write-ahead log before the connection that writes moves them into the file itself, and waits for the
 * disk. Where another one does so in the background, that is for the last few, so that the log begins anew.
 */
const CHECKPOINT_PAGES = 1000;
const CHECKPOINT_PAGES_WITH_BACKGROUND = 20_000;

/** KiB of pages kept in memory. */
const CACHE_KIB = 65_536;

/**
 * Bytes of the file that are read from the system's own cache, without a call and without a copy, unless the write-ahead
 * log has something newer. A disk that fails to read then ends the process, where it would fail a call.
 * @see https://www.sqlite.org/mmap.html
 */
const MAPPED_BYTES = 2 ** 30;

const configure = (connection: Connection, synchronous: 'NORMAL' | 'FULL', hasBackground: boolean): void => {
  const pages = hasBackground ? CHECKPOINT_PAGES_WITH_BACKGROUND : CHECKPOINT_PAGES;
  connection.get(`PRAGMA busy_timeout = ${BUSY_MS}`, []);
  connection.get('PRAGMA journal_mode = WAL', []);
  connection.get(`PRAGMA wal_autocheckpoint = ${pages}`, []);
  connection.get(`PRAGMA mmap_size = ${MAPPED_BYTES}`, []);
  connection.exec(
    `PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE_KIB}`,
  );
};

const nameOf = (options: SqliteStorageOptions): string =>
  'file' in options ? options.file : 'the SQLite database';

/** Where the file is that others can open too, whatever folder the process works in later. */
const fileOf = (options: SqliteStorageOptions): string | null =>
  'file' in options && options.file !== ':memory:' ? resolve(options.file) : null;

const opened = (options: SqliteStorageOptions): SqliteDatabase => {
  if ('database' in options) return options.database;
  const file = fileOf(options);
  if (file !== null) mkdirSync(dirname(file), { recursive: true });
  return new Database(file ?? options.file) as SqliteDatabase;
};
