import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
import { commitToSqlite, numbersOf } from './commit.js';
import { Connection, type SqliteDatabase } from './connection.js';
import { isBusy } from './errors.js';
import { GroupCommit } from './group-commit.js';
import { SqliteLeases } from './leases.js';
import { migrate } from './migrations.js';
import {
  readHeads,
  readLinks,
  readLog,
  readMessage,
  readMessages,
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
  readonly #group: GroupCommit;

  constructor(options: SqliteStorageOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connection = new Connection(nameOf(options));
    this.#group = new GroupCommit(this.#connection);
    this.tasks = new SqliteTasks(this.#connection, this.#group, this.#clock);
    this.lease = new SqliteLeases(this.#connection, this.#group, this.#clock);
  }

  /** Opens the file and migrates it. @throws PocketPingError `unavailable` */
  async init(): Promise<void> {
    if (this.#connection.isOpen) return;
    this.#connection.attach(() => opened(this.#options));
    try {
      await this.#setUp();
    } catch (error) {
      this.#connection.detach('database' in this.#options);
      throw error;
    }
  }

  /** Writes what is still waiting, and closes the file. */
  async close(): Promise<void> {
    if (!this.#connection.isOpen) return;
    this.#group.flush();
    this.#connection.detach('database' in this.#options);
  }

  async commit(write: WriteSet): Promise<Committed | Conflict> {
    return this.#group.run(
      (numbers) => commitToSqlite(this.#connection, write, numbers, this.#clock.now()),
      numbersOf(write),
    );
  }

  async session(id: string): Promise<Session | null> {
    return readSession(this.#connection, id);
  }

  async sessions(query: SessionsQuery): Promise<Session[]> {
    return readSessions(this.#connection, query);
  }

  async message(id: string): Promise<Message | null> {
    return readMessage(this.#connection, id);
  }

  async messages(sessionId: string, page: MessagesPage): Promise<Message[]> {
    return readMessages(this.#connection, sessionId, page);
  }

  async events(sessionId: string, page: { after: number; limit: number }): Promise<LogEntry[]> {
    return readLog(this.#connection, sessionId, page);
  }

  async heads(sessionIds: readonly string[]): Promise<Map<string, number>> {
    return readHeads(this.#connection, sessionIds);
  }

  async visitor(by: { tokenHash: string } | { id: string }): Promise<Visitor | null> {
    return readVisitor(this.#connection, by);
  }

  async thread(by: { bridge: string; sessionId: string } | ThreadKey): Promise<Thread | null> {
    return readThread(this.#connection, by);
  }

  async links(by: LinkKey | { bridge: string; messageId: string }): Promise<MessageLink[]> {
    return readLinks(this.#connection, by);
  }

  async state(scope: string, key: string): Promise<StateEntry | null> {
    return readState(this.#connection, scope, key);
  }

  async states(scope: string): Promise<StateEntry[]> {
    return readStates(this.#connection, scope);
  }

  /** Two processes that open a new file at once may meet where SQLite does not wait by itself: the loser tries again. */
  async #setUp(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        configure(this.#connection, this.#options.synchronous ?? 'NORMAL');
        return migrate(this.#connection, nameOf(this.#options));
      } catch (error) {
        if (attempt === SET_UP_ATTEMPTS || !isBusy(error)) throw error;
        await pause(SET_UP_PAUSE_MS);
      }
    }
  }
}

const SET_UP_ATTEMPTS = 10;
const SET_UP_PAUSE_MS = 100;

/** Milliseconds a statement waits for another process to finish its transaction. */
const BUSY_MS = 5000;

/**
 * Pages in the write-ahead log before they are moved into the file: 16 MiB, four times the default, because a page that
 * changed often is moved once, and moving waits for the disk.
 */
const CHECKPOINT_PAGES = 4000;

/** KiB of pages kept in memory. */
const CACHE_KIB = 65_536;

const configure = (connection: Connection, synchronous: 'NORMAL' | 'FULL'): void => {
  connection.get(`PRAGMA busy_timeout = ${BUSY_MS}`, []);
  connection.get('PRAGMA journal_mode = WAL', []);
  connection.get(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`, []);
  connection.exec(
    `PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE_KIB}`,
  );
};

const nameOf = (options: SqliteStorageOptions): string =>
  'file' in options ? options.file : 'the SQLite database';

const opened = (options: SqliteStorageOptions): SqliteDatabase => {
  if ('database' in options) return options.database;
  if (options.file !== ':memory:') mkdirSync(dirname(resolve(options.file)), { recursive: true });
  return new Database(options.file) as SqliteDatabase;
};
