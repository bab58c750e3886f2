import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until it is so, because real processes and sockets take real time. @throws Error after 30 s */
export const until = async (holds: () => unknown, what: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came about within 30 s that ${what}`);
    await pause(5);
  }
};
