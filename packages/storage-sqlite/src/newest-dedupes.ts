import type { Connection } from './connection.js';
import { PROJECT } from './rows.js';

/**
 * The newest dedupes, which the index does not hold yet. An index of hashes changes a page of its own with each of them;
 * here they are remembered until they are many, and then the index takes them all, in its order: each of its pages
 * changes once for many.
 *
 * To be looked at inside of a transaction only.
 */
export class NewestDedupes {
  readonly #connection: Connection;
  readonly #ordinalsByHash = new Map<number, number[]>();
  #newest = 0;
  /** The newest that the index holds; -1 when nothing is known. */
  #indexed = -1;
  #isCurrent = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Another process has written: what is known holds, and there may be more. */
  fallBehind(): void {
    this.#isCurrent = false;
  }

  /** Writes were undone, or the file was opened. */
  forget(): void {
    this.#isCurrent = false;
    this.#indexed = -1;
  }

  /** The ordinals of those with a hash. */
  find(hash: number): readonly number[] {
    this.#catchUp();
    return this.#ordinalsByHash.get(hash) ?? [];
  }

  /** @returns the ordinal that it is to be stored under */
  add(hash: number): number {
    this.#catchUp();
    if (this.#newest - this.#indexed >= BATCH) this.#index();
    this.#keep(++this.#newest, hash);
    return this.#newest;
  }

  #catchUp(): void {
    if (this.#isCurrent) return;
    const [indexed] = this.#connection.get<[number]>(INDEXED, []) ?? [0];
    if (indexed !== this.#indexed) this.#beginAfter(indexed);
    for (const [ordinal, hash] of this.#connection.all<[number, number]>(LATER, [this.#newest])) {
      this.#newest = ordinal;
      this.#keep(ordinal, hash);
    }
    this.#isCurrent = true;
  }

  #index(): void {
    this.#connection.run(INDEX, [this.#indexed, this.#newest]);
    this.#connection.run(SET_INDEXED, [this.#newest]);
    this.#beginAfter(this.#newest);
  }

  #beginAfter(ordinal: number): void {
    this.#ordinalsByHash.clear();
    this.#newest = ordinal;
    this.#indexed = ordinal;
  }

  #keep(ordinal: number, hash: number): void {
    const same = this.#ordinalsByHash.get(hash);
    if (same) same.push(ordinal);
    else this.#ordinalsByHash.set(hash, [ordinal]);
  }
}

/** To index so many takes some 10 ms, and to read them when a file is opened as much. */
const BATCH = 4096;

const INDEXED = `SELECT indexed_dedupes FROM projects WHERE id = ${PROJECT}`;
const LATER = 'SELECT ordinal, hash FROM dedupes WHERE ordinal > ? ORDER BY ordinal';
const INDEX = `INSERT INTO dedupes_by_hash (hash, ordinal)
  SELECT hash, ordinal FROM dedupes WHERE ordinal > ? AND ordinal <= ? ORDER BY hash`;
const SET_INDEXED = `UPDATE projects SET indexed_dedupes = ? WHERE id = ${PROJECT}`;
