import type { Session } from '@pocketping/core';
import type { Connection } from './connection.js';
import { NewestDedupes } from './newest-dedupes.js';
import { Recent } from './recent.js';
import { PROJECT } from './rows.js';

export interface KnownSession {
  /** The session's name in the other tables. */
  readonly ordinal: number;
  readonly session: Session;
}

/**
 * What this process has read or written and need not read again, as long as nobody else writes to the file: SQLite tells
 * whether somebody did. To be looked at inside of a transaction only; what is read outside may be kept.
 */
export class Known {
  readonly dedupes: NewestDedupes;
  readonly #connection: Connection;
  readonly #sessions = new Recent<KnownSession>(GENERATION);
  readonly #visitorOfToken = new Recent<string>(GENERATION);
  readonly #isBlocked = new Recent<boolean>(GENERATION);
  #version: number | undefined;
  #lastNumber = 0;
  #reservedNumbers = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.dedupes = new NewestDedupes(connection);
  }

  /** To be called when a transaction has begun. */
  verify(): void {
    const version = this.#connection.get<[number]>(DATA_VERSION, [])?.[0];
    if (version === this.#version) return;
    this.#clear();
    this.dedupes.fallBehind();
    this.#version = version;
  }

  /** To be called when writes were undone, and when the file was opened. */
  forget(): void {
    this.#clear();
    this.dedupes.forget();
    this.#version = undefined;
  }

  #clear(): void {
    this.#sessions.clear();
    this.#visitorOfToken.clear();
    this.#isBlocked.clear();
    this.#reservedNumbers = 0;
  }

  session(id: string): KnownSession | undefined {
    return this.#sessions.get(id);
  }

  keepSession(known: KnownSession): void {
    this.#sessions.set(known.session.id, known);
  }

  dropSession(id: string): void {
    this.#sessions.delete(id);
  }

  visitorOfToken(hash: string): string | undefined {
    return this.#visitorOfToken.get(hash);
  }

  keepToken(hash: string, visitorId: string): void {
    this.#visitorOfToken.set(hash, visitorId);
  }

  /** Whether the team keeps a visitor out; undefined when that has to be read. */
  isBlocked(visitorId: string): boolean | undefined {
    return this.#isBlocked.get(visitorId);
  }

  keepBlocked(visitorId: string, isBlocked: boolean): void {
    this.#isBlocked.set(visitorId, isBlocked);
  }

  /**
   * Takes numbers that grow over the whole project, for events' positions and tasks. They are reserved in blocks, and
   * what is left of a block is given up as soon as another process has written, so that later ones are always higher.
   * @returns the number before the first of `count` new ones
   */
  takeNumbers(count: number): number {
    if (count > this.#reservedNumbers) {
      const reserved = Math.max(count, BLOCK);
      const [last] = this.#connection.get<[number]>(RESERVE, [reserved]) ?? [reserved];
      this.#lastNumber = last - reserved;
      this.#reservedNumbers = reserved;
    }
    const before = this.#lastNumber;
    this.#lastNumber += count;
    this.#reservedNumbers -= count;
    return before;
  }
}

/** At most twice as many sessions, as many tokens, and as many visitors are known. */
const GENERATION = 5000;

const BLOCK = 500;

/** @see https://www.sqlite.org/pragma.html#pragma_data_version */
const DATA_VERSION = 'PRAGMA data_version';
const RESERVE = `UPDATE projects SET numbered = numbered + ? WHERE id = ${PROJECT} RETURNING numbered`;
