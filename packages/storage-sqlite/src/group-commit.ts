import type { Connection } from './connection.js';
import { isBusy } from './errors.js';
import type { Known } from './known.js';
import { RETRY_MS } from './patience.js';

/**
 * Writes something inside of a transaction, and waits for nothing. May be called again after everything it did was
 * undone.
 */
export type Work<T> = () => T;

interface Waiting {
  readonly work: Work<unknown>;
  /** When the lock was first found taken. */
  lockedSince?: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** So many share a transaction at most, lest the process do nothing else for too long. */
const GROUP_SIZE = 100;

export interface GroupCommitOptions {
  /** Milliseconds that works wait for another process to finish its transaction before they are rejected. */
  readonly waitMs: number;
  /** Called after each transaction, with how many works were in it. */
  readonly written: (works: number) => void;
}

/**
 * Writes whatever was asked for in one turn of the event loop in one transaction, because a transaction costs as much as
 * what is in it. Who fails undoes what they wrote, and nobody else's. Promises settle when the transaction has been
 * committed.
 *
 * Failures are rare and savepoints are not free: the group is tried without any, and where one of it fails, all of it
 * is done again with a savepoint each.
 *
 * While another process has the lock, works wait and gather; the event loop goes on.
 */
export class GroupCommit {
  readonly #connection: Connection;
  readonly #known: Known;
  readonly #options: GroupCommitOptions;
  #waiting: Waiting[] = [];
  /** How many of those who wait, from the first on, failed together and are to be done with a savepoint each. */
  #failed = 0;
  #drained: (() => void)[] = [];

  constructor(connection: Connection, known: Known, options: GroupCommitOptions) {
    this.#connection = connection;
    this.#known = known;
    this.#options = options;
  }

  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#next());
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #next(): void {
    const begun = this.#begun();
    if (begun) this.#commitNext();
    if (this.#waiting.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
    else if (begun) setImmediate(() => this.#next());
    else setTimeout(() => this.#next(), RETRY_MS);
  }

  /** Takes the lock. When it cannot be had, or not for too long, those who wait are rejected. */
  #begun(): boolean {
    try {
      this.#begin();
      return true;
    } catch (error) {
      const rejected = isBusy(error) ? this.#impatient() : this.#waiting.splice(0);
      this.#failed = Math.max(0, this.#failed - rejected.length);
      for (const { reject } of rejected) reject(error);
      return false;
    }
  }

  /** Those who have waited long enough, taken out of the queue. They came first. */
  #impatient(): Waiting[] {
    const now = performance.now();
    for (const each of this.#waiting) each.lockedSince ??= now;
    const patient = this.#waiting.findIndex(
      ({ lockedSince = now }) => now - lockedSince < this.#options.waitMs,
    );
    return this.#waiting.splice(0, patient < 0 ? this.#waiting.length : patient);
  }

  #begin(): void {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      this.#known.verify();
    } catch (error) {
      this.#connection.rollBack();
      throw error;
    }
  }

  #commitNext(): void {
    const failed = this.#waiting.splice(0, this.#failed);
    this.#failed = 0;
    const group = failed.length > 0 ? failed : this.#waiting.splice(0, GROUP_SIZE);
    if (failed.length > 0) this.#commitOneByOne(group);
    else this.#commit(group);
    this.#options.written(group.length);
  }

  #commit(group: readonly Waiting[]): void {
    try {
      const results = this.#transaction(group, ({ work }) => work());
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch (error) {
      if (group.length === 1) {
        for (const { reject } of group) reject(error);
        return;
      }
      // Another process may have the lock by now: they wait for it in their place, like everybody.
      this.#waiting.unshift(...group);
      this.#failed = group.length;
    }
  }

  #commitOneByOne(group: readonly Waiting[]): void {
    try {
      const outcomes = this.#transaction(group, (each) => this.#guarded(each));
      for (const settle of outcomes) settle();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #transaction<T>(group: readonly Waiting[], step: (each: Waiting) => T): T[] {
    try {
      const results = group.map(step);
      this.#connection.exec('COMMIT');
      return results;
    } catch (error) {
      this.#connection.rollBack();
      this.#known.forget();
      throw error;
    }
  }

  /** @returns what to tell once the transaction is through; throws when the whole transaction is lost */
  #guarded({ work, resolve, reject }: Waiting): () => void {
    this.#connection.exec('SAVEPOINT one');
    try {
      const result = work();
      this.#connection.exec('RELEASE one');
      return () => resolve(result);
    } catch (error) {
      this.#known.forget();
      if (!this.#connection.rollBack('one')) throw error;
      return () => reject(error);
    }
  }
}
