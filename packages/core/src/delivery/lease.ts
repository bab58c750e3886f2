import type { Bridge, LeaseStore } from '../ports/index.js';

/** What this node must hold for its commits to count. */
export interface Fence {
  readonly lease: string;
  readonly token: number;
}

/** This node lost the bridge to another one: what it was about to do was not done. */
export class LostLease extends Error {
  override readonly name = 'LostLease';
}

/** The lease of a connection, which all bridges of that connection on this node hold together. */
export class ConnectionLease {
  readonly name: string;
  readonly #node: string;
  readonly #leases: LeaseStore;
  #holders = 0;

  constructor(connection: string, node: string, leases: LeaseStore) {
    this.name = `bridge/${connection}`;
    this.#node = node;
    this.#leases = leases;
  }

  /** One more bridge wants it. */
  join(): void {
    this.#holders++;
  }

  /** @returns the fencing token, or null when another node holds the lease. */
  take(ms: number): Promise<number | null> {
    return this.#leases.take(this.name, this.#node, ms);
  }

  /** One bridge is done; the last one gives the lease up. */
  async leave(): Promise<void> {
    this.#holders--;
    if (this.#holders > 0) return;
    await this.#leases.release(this.name, this.#node).catch(() => {
      // It ends by itself.
    });
  }
}

/** The leases of a node's bridges: those that work through one connection have one. */
export class ConnectionLeases {
  readonly #node: string;
  readonly #leases: LeaseStore;
  readonly #byConnection = new Map<string, ConnectionLease>();

  constructor(node: string, leases: LeaseStore) {
    this.#node = node;
    this.#leases = leases;
  }

  of({ connection, name }: Bridge): ConnectionLease {
    const key = connection ?? name;
    const known = this.#byConnection.get(key);
    if (known) return known;
    const lease = new ConnectionLease(key, this.#node, this.#leases);
    this.#byConnection.set(key, lease);
    return lease;
  }
}
