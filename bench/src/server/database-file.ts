import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'pocketping-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** A new file for a database, which goes with this process. */
export const databaseFile = (): string => join(folder, `${++files}.db`);
