import type { Clock, LeaseStore } from '@pocketping/core';
import type { Connection } from './connection.js';
import type { GroupCommit } from './group-commit.js';
import { isGone, THIS_PROCESS } from './process.js';
import { PROJECT } from './rows.js';

/** Leases. A row stays when its lease is given up, so that the token never falls. */
export class SqliteLeases implements LeaseStore {
  readonly #connection: Connection;
  readonly #group: GroupCommit;
  readonly #clock: Clock;

  constructor(connection: Connection, group: GroupCommit, clock: Clock) {
    this.#connection = connection;
    this.#group = group;
    this.#clock = clock;
  }

  async take(name: string, owner: string, ms: number): Promise<number | null> {
    return this.#group.run(() => {
      const now = this.#clock.now();
      const take = () =>
        this.#connection.get<[number]>(TAKE, [name, owner, THIS_PROCESS, now + ms, now, now]);
      const token = take() ?? (this.#endOfTheDead(name) ? take() : undefined);
      return token?.[0] ?? null;
    });
  }

  async release(name: string, owner: string): Promise<void> {
    await this.#group.run(() => this.#connection.run(RELEASE, [name, owner]));
  }

  /** After a crash the next process on this machine need not wait for the lease to end. */
  #endOfTheDead(name: string): boolean {
    const [process] = this.#connection.get<[string]>(HOLDER, [name]) ?? [];
    return process !== undefined && isGone(process) && this.#connection.run(END, [name, process]) > 0;
  }
}

/** Part of a commit: whether the lease is held under this token now. */
export const holdsLease = (connection: Connection, name: string, token: number, now: number): boolean =>
  connection.get(HOLDS, [name, token, now]) !== undefined;

const TAKE = `INSERT INTO leases (name, owner, process, until) VALUES (?, ?, ?, ?)
  ON CONFLICT (project_id, name) DO UPDATE SET
    token = CASE WHEN owner = excluded.owner AND until > ? THEN token ELSE token + 1 END,
    owner = excluded.owner, process = excluded.process, until = excluded.until
  WHERE owner IS NULL OR owner = excluded.owner OR until <= ?
  RETURNING token`;
const RELEASE = `UPDATE leases SET owner = NULL WHERE project_id = ${PROJECT} AND name = ? AND owner = ?`;
const HOLDER = `SELECT process FROM leases WHERE project_id = ${PROJECT} AND name = ? AND owner IS NOT NULL`;
const END = `UPDATE leases SET owner = NULL WHERE project_id = ${PROJECT} AND name = ? AND process = ?`;
const HOLDS = `SELECT 1 FROM leases
  WHERE project_id = ${PROJECT} AND name = ? AND token = ? AND owner IS NOT NULL AND until > ?`;
