import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds after which it is not waited for any longer. */
  readonly withinMs?: number;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/** Looks again and again until it is so, because real processes and sockets take real time. @throws Error after 30 s */
export const until = async (
  holds: () => unknown,
  what: string,
  { withinMs = 30_000, everyMs = 5 }: Patience = {},
): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline)
      throw new Error(`it never came about within ${withinMs / 1000} s that ${what}`);
    await pause(everyMs);
  }
};
