import { PocketPingError } from '@pocketping/core';
import { explained } from './errors.js';
import { patiently } from './patience.js';

/** What is bound to a statement. Neither booleans nor `undefined`: libsql ends the process over them. */
export type SqliteValue = string | number | null;

/** A prepared statement, as libsql and better-sqlite3 have it. Parameters are positional. */
export interface SqliteStatement {
  run(values: readonly SqliteValue[]): { readonly changes: number | bigint };
  get(values: readonly SqliteValue[]): unknown;
  all(values: readonly SqliteValue[]): unknown[];
  /** From now on rows are arrays. */
  raw(): unknown;
}

/** An open database of libsql or better-sqlite3. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/**
 * One connection to one file. Statements are prepared once, rows are tuples in the order of the columns (an object per
 * row costs as much as finding it), and errors say what to do.
 */
export class Connection {
  readonly #file: string;
  readonly #waitMs: number;
  readonly #readers = new Map<string, SqliteStatement>();
  readonly #writers = new Map<string, SqliteStatement>();
  #database: SqliteDatabase | null = null;

  /**
   * @param file for error messages
   * @param waitMs milliseconds that reading waits for another process
   */
  constructor(file: string, waitMs: number) {
    this.#file = file;
    this.#waitMs = waitMs;
  }

  get isOpen(): boolean {
    return this.#database !== null;
  }

  attach(open: () => SqliteDatabase): void {
    this.#database = this.#tried(open);
  }

  /** @param keep the caller owns the database and goes on using it */
  detach(keep: boolean): void {
    const database = this.#database;
    this.#database = null;
    this.#readers.clear();
    this.#writers.clear();
    if (!keep) database?.close();
  }

  /** @returns how many rows changed */
  run(sql: string, values: readonly SqliteValue[]): number {
    return this.#tried(() => Number(this.#writer(sql).run(values).changes));
  }

  /** The first row, of a statement that returns rows. */
  get<Row extends readonly SqliteValue[]>(sql: string, values: readonly SqliteValue[]): Row | undefined {
    return this.#tried(() => this.#reader(sql).get(values)) as Row | undefined;
  }

  all<Row extends readonly SqliteValue[]>(sql: string, values: readonly SqliteValue[]): Row[] {
    return this.#tried(() => this.#reader(sql).all(values)) as Row[];
  }

  /**
   * Reads outside of a transaction. Only a process that has just found the file after a crash, and repairs it, keeps
   * others from reading.
   */
  read<T>(work: () => T): Promise<T> {
    return patiently(work, this.#waitMs);
  }

  /** Several reads outside of a transaction that see the file as it stood at one moment, whatever others write meanwhile. */
  readTogether<T>(work: () => T): Promise<T> {
    return this.read(() => {
      this.exec('BEGIN');
      try {
        return work();
      } finally {
        // It has written nothing: to end it and to undo it are the same.
        this.rollBack();
      }
    });
  }

  exec(sql: string): void {
    this.#tried(() => this.#opened().exec(sql));
  }

  /**
   * Undoes the transaction, or what followed a savepoint of it.
   * @returns false when SQLite has undone the whole transaction already, as after a full disk
   */
  rollBack(savepoint?: string): boolean {
    try {
      this.exec(savepoint ? `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}` : 'ROLLBACK');
      return true;
    } catch {
      return false;
    }
  }

  #reader(sql: string): SqliteStatement {
    const known = this.#readers.get(sql);
    if (known) return known;
    const statement = this.#opened().prepare(sql);
    statement.raw();
    this.#readers.set(sql, statement);
    return statement;
  }

  #writer(sql: string): SqliteStatement {
    const known = this.#writers.get(sql);
    if (known) return known;
    const statement = this.#opened().prepare(sql);
    this.#writers.set(sql, statement);
    return statement;
  }

  #opened(): SqliteDatabase {
    if (this.#database) return this.#database;
    throw new PocketPingError('unavailable', 'The SQLite storage is not open: call init() first');
  }

  #tried<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, this.#file);
    }
  }
}
