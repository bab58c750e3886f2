import { SqliteStorage } from '@pocketping/storage-sqlite';
import { checkCommands } from './check-commands.js';
import { checkCopies } from './check-copies.js';
import { checkStorage, readCase } from './check-storage.js';
import { checkThreads } from './check-threads.js';
import { checkWidgets } from './check-widgets.js';
import type { Evidence } from './evidence.js';
import { type Tally, tallyOf } from './tally.js';

export type { Tally };

/** @throws Error with everything that does not agree */
export const audit = async (evidence: Evidence): Promise<Tally> => {
  const storage = new SqliteStorage({ file: evidence.file });
  await storage.init();
  const wrongs: string[] = [];
  try {
    const found = await readCase(evidence, storage, (what) => wrongs.push(what));
    await checkStorage(found);
    checkWidgets(found);
    await checkThreads(found);
    const copies = await checkCopies(found);
    await checkCommands(found);
    const tally = tallyOf(found, copies);
    if (wrongs.length > 0) {
      const [first = ''] = wrongs;
      throw new Error(
        `${wrongs.length} things do not agree:\n  ${[first, ...wrongs.slice(1, 40)].join('\n  ')}`,
      );
    }
    return tally;
  } finally {
    await storage.close();
  }
};
