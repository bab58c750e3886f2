import type { Connection } from './connection.js';
import { PROJECT } from './rows.js';

/**
 * Writes something inside of a transaction, and waits for nothing. May be called again after everything it did was
 * undone.
 */
export type Work<T> = (numbers: Numbers) => T;

/** Numbers that grow over the whole project: events' positions and tasks'. */
export interface Numbers {
  /** @returns the number before the first of `count` new ones */
  take(count: number): number;
}

interface Waiting {
  readonly work: Work<unknown>;
  readonly numbers: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** So many share a transaction at most, lest the process do nothing else for too long. */
const GROUP_SIZE = 100;

/**
 * Writes whatever was asked for in one turn of the event loop in one transaction, because a transaction costs as much as
 * what is in it. Who fails undoes what they wrote, and nobody else's. Promises settle when the transaction has been
 * committed.
 *
 * Failures are rare and savepoints are not free: the group is tried without any, and where one of it fails, all of it
 * is done again with a savepoint each.
 */
export class GroupCommit {
  readonly #connection: Connection;
  #waiting: Waiting[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param numbers how many numbers the work takes at most */
  run<T>(work: Work<T>, numbers = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#next());
      this.#waiting.push({ work, numbers, resolve: resolve as (result: unknown) => void, reject });
    });
  }

  /** Writes all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, GROUP_SIZE));
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    this.#commit(this.#waiting.splice(0, GROUP_SIZE));
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
  }

  #commit(group: readonly Waiting[]): void {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
    } catch (error) {
      // Nobody's own failure: trying one by one would only wait for the lock again.
      for (const { reject } of group) reject(error);
      return;
    }
    try {
      const results = this.#transaction(group, ({ work }, numbers) => work(numbers));
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch (error) {
      if (group.length === 1) for (const { reject } of group) reject(error);
      else this.#commitOneByOne(group);
    }
  }

  #commitOneByOne(group: readonly Waiting[]): void {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      const outcomes = this.#transaction(group, (each, numbers) => this.#guarded(each, numbers));
      for (const settle of outcomes) settle();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #transaction<T>(group: readonly Waiting[], step: (each: Waiting, numbers: Numbers) => T): T[] {
    try {
      const numbers = this.#numbers(group);
      const results = group.map((each) => step(each, numbers));
      this.#connection.exec('COMMIT');
      return results;
    } catch (error) {
      this.#connection.rollBack();
      throw error;
    }
  }

  /** @returns what to tell once the transaction is through; throws when the whole transaction is lost */
  #guarded({ work, resolve, reject }: Waiting, numbers: Numbers): () => void {
    this.#connection.exec('SAVEPOINT one');
    try {
      const result = work(numbers);
      this.#connection.exec('RELEASE one');
      return () => resolve(result);
    } catch (error) {
      if (!this.#connection.rollBack('one')) throw error;
      return () => reject(error);
    }
  }

  #numbers(group: readonly Waiting[]): Numbers {
    let count = 0;
    for (const { numbers } of group) count += numbers;
    if (count === 0) return none;
    const [numbered] = this.#connection.get<[number]>(TAKE_NUMBERS, [count]) ?? [count];
    let given = numbered - count;
    return {
      take: (wanted) => {
        given += wanted;
        return given - wanted;
      },
    };
  }
}

const none: Numbers = { take: () => 0 };

const TAKE_NUMBERS = `UPDATE projects SET numbered = numbered + ? WHERE id = ${PROJECT} RETURNING numbered`;
