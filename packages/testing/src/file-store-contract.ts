import { describe } from 'vitest';
import { describeDirect } from './file-store-contract/direct.js';
import { describeFailures } from './file-store-contract/failures.js';
import { describeFiles } from './file-store-contract/files.js';
import type { FileStoreContract } from './file-store-contract/fixture.js';
import { describeRanges } from './file-store-contract/ranges.js';
import { describeStreaming } from './file-store-contract/streaming.js';

export type { FileStoreContract } from './file-store-contract/fixture.js';

/**
 * What every store of files must do.
 *
 * @example
 * fileStoreContract({ name: 'DiskFileStore', create: async () => new DiskFileStore({ folder: await emptyFolder() }) });
 */
export const fileStoreContract = (contract: FileStoreContract): void => {
  describe(`${contract.name} keeps the file store contract`, () => {
    describeFiles(contract);
    describeRanges(contract);
    describeFailures(contract);
    describeStreaming(contract);
    describeDirect(contract);
  });
};
