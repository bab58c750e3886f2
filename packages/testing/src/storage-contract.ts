import { describe } from 'vitest';
import { describeAtomicity } from './storage-contract/atomicity.js';
import { describeBlocks } from './storage-contract/blocks.js';
import { describeCommits } from './storage-contract/commits.js';
import { describeDedupe } from './storage-contract/dedupe.js';
import { describeDurability } from './storage-contract/durability.js';
import { describeExpectations } from './storage-contract/expectations.js';
import { describeFeed } from './storage-contract/feed.js';
import type { StorageContract } from './storage-contract/fixture.js';
import { describeLeases } from './storage-contract/leases.js';
import { describeMessages } from './storage-contract/messages.js';
import { describeProperties, type Effort } from './storage-contract/properties.js';
import { describeSessions } from './storage-contract/sessions.js';
import { describeState } from './storage-contract/state.js';
import { describeTasks } from './storage-contract/tasks.js';
import { describeThreads } from './storage-contract/threads.js';

export type { StorageContract } from './storage-contract/fixture.js';
export type { Effort } from './storage-contract/properties.js';

/**
 * What every storage must do.
 *
 * @example
 * storageContract({ name: 'MemoryStorage', create: async ({ clock }) => new MemoryStorage({ clock }) });
 */
export const storageContract = (contract: StorageContract): void => {
  describe(`${contract.name} keeps the storage contract`, () => {
    describeCommits(contract);
    describeAtomicity(contract);
    describeDedupe(contract);
    describeExpectations(contract);
    describeBlocks(contract);
    describeSessions(contract);
    describeMessages(contract);
    describeFeed(contract);
    describeThreads(contract);
    describeState(contract);
    describeTasks(contract);
    describeLeases(contract);
    describeProperties(contract, { runs: 120, ms: 2000 });
    describeDurability(contract);
  });
};

/** The part of the contract that tries random sequences of calls, for as long as you like. */
export const storageProperties = (contract: StorageContract, effort: Effort): void => {
  describe(contract.name, () => describeProperties(contract, effort));
};
