import { createHash, randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** After so long without a byte a file is nobody's, whatever became of its writer. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Process numbers mean something on one machine, and on Linux within one namespace of them: a container has its own. */
const numberedBy = (): string => {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
};

const HERE = createHash('sha256').update(numberedBy()).digest('hex').slice(0, 16);
/** Tells this process from an earlier one with its number: the first process of a container always has the same. */
const LIFE = randomUUID();

/** A new name for a file that this process is about to write; it tells other processes whose it is. */
export const nameOfWrite = (): string => `${HERE}.${process.pid}.${LIFE}.${randomUUID()}`;

/** Whether the process that began this file has ended, or seems to have. */
export const isLeftBehind = (name: string, writtenAtMs: number): boolean => {
  const [here, pid = '', life] = name.split('.');
  if (life === LIFE) return false;
  if (Date.now() - writtenAtMs > DAY_MS) return true;
  if (here !== HERE || !/^[1-9]\d*$/.test(pid)) return false;
  return Number(pid) === process.pid || hasEnded(Number(pid));
};

const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
