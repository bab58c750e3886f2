import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { MemoryStorage, PocketPing } from '../../../../packages/core/src/index.ts';
import { recordingLogger } from '../../../../packages/testing/src/index.ts';

const ends = [];

/** Ends something with the test. */
export const atEnd = (end) => {
  ends.push(end);
};

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** An emulator that runs until the test ends. */
export const platform = async (emulator) => {
  const running = await emulator.start();
  ends.push(() => running.close());
  return running;
};

/** An engine with a log that can be read. */
export const engine = (options = {}) => {
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), logger, ...options });
  ends.push(() => pp.stop());
  return { pp, logger, logged: () => logger.lines.map(({ message }) => message) };
};

/** What `start` says is wrong with a bridge. */
export const refusal = async (bridge) => {
  const failed = await engine({ bridge })
    .pp.start()
    .catch((error) => error);
  return failed?.message;
};

/** A folder that is gone after the test. */
export const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'pocketping-troubles-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
