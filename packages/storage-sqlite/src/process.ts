import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Process numbers mean something on one machine, and on Linux within one namespace of them: a container has its own. */
const numberedBy = (): string => {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
};

const HERE = numberedBy();

/** This process, as others on this machine can look for it. */
export const THIS_PROCESS = `${process.pid} ${HERE}`;

/**
 * Whether a process is known to have ended. Of one on another machine or in another container nothing is known, and a
 * number that was given to a new process merely means waiting.
 */
export const isGone = (name: string): boolean => {
  const pid = Number.parseInt(name, 10);
  if (name !== `${pid} ${HERE}` || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
