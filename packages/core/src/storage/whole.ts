import type { Clock, Logger, StoragePort } from '../ports/index.js';
import { isWholeStorage } from './lifted/lacking.js';
import { LiftedStorage } from './lifted/lift.js';
import type { Storage } from './lifted/storage.js';
import { MemoryStorage } from './memory.js';

/** What an engine is given as its storage, as one that has everything. @throws PocketPingError `validation_failed` for what is none */
export const wholeStorage = (
  given: StoragePort | Storage | undefined,
  around: { readonly clock: Clock; readonly logger: Logger },
): StoragePort => {
  if (!given) return new MemoryStorage({ clock: around.clock });
  return isWholeStorage(given) ? given : new LiftedStorage(given, around);
};
