import type { Instant } from '../model/index.js';
import type { Clock } from '../ports/clock.js';
import type { LeaseStore } from '../ports/storage.js';

interface LeaseRow {
  /** Empty once it was released; the row stays, so that its token never falls. */
  readonly owner: string | null;
  readonly token: number;
  readonly until: Instant;
}

/** Leases in memory. */
export class MemoryLeases implements LeaseStore {
  readonly #clock: Clock;
  readonly #rows = new Map<string, LeaseRow>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take(name: string, owner: string, ms: number): Promise<number | null> {
    const now = this.#clock.now();
    const row = this.#rows.get(name);
    const held = row !== undefined && row.owner !== null && row.until > now;
    if (held && row.owner !== owner) return null;
    const token = held ? row.token : (row?.token ?? 0) + 1;
    this.#rows.set(name, { owner, token, until: now + ms });
    return token;
  }

  async release(name: string, owner: string): Promise<void> {
    const row = this.#rows.get(name);
    if (row?.owner === owner) this.#rows.set(name, { owner: null, token: row.token, until: 0 });
  }

  /** Whether the lease is held under this token now. */
  holds(name: string, token: number): boolean {
    const row = this.#rows.get(name);
    return row !== undefined && row.owner !== null && row.token === token && row.until > this.#clock.now();
  }
}
