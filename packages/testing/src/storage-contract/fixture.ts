import type { Clock, StoragePort } from '@pocketping/core';
import { afterEach, beforeEach } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.js';

export interface StorageContract {
  /** Names the suite, e.g. `SqliteStorage`. */
  readonly name: string;
  /** A storage without rows that goes by `clock`; the suite calls `init` and `close`. Called for every test. */
  create(options: { clock: Clock }): Promise<StoragePort>;
  /**
   * Another instance over the rows of a storage that `create` made, which may be open or closed. For storages whose
   * rows outlive an instance.
   */
  reopen?(storage: StoragePort, options: { clock: Clock }): Promise<StoragePort>;
}

export interface StorageFixture {
  readonly storage: StoragePort;
  readonly clock: VirtualClock;
}

/** A new storage for every test of the suite. */
export const freshStorage = ({ create }: StorageContract): (() => StorageFixture) => {
  let fixture: StorageFixture;
  beforeEach(async () => {
    const clock = virtualClock();
    const storage = await create({ clock });
    await storage.init?.();
    fixture = { storage, clock };
  });
  afterEach(async () => {
    await fixture.storage.close?.();
  });
  return () => fixture;
};
