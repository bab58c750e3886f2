import { setTimeout as pause } from 'node:timers/promises';
import { isBusy } from './errors.js';

/** Milliseconds that SQLite itself waits for a lock: meanwhile the process does nothing else. */
export const BUSY_MS = 4;

/** Milliseconds until a lock that was taken is tried again: meanwhile the event loop goes on. */
export const RETRY_MS = 4;

/**
 * Does it as soon as nobody else has the lock that it needs. Mostly that is at once.
 * @param waitMs how long to go on trying
 */
export const patiently = async <T>(work: () => T, waitMs: number): Promise<T> => {
  let since: number | undefined;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      since ??= performance.now();
      if (performance.now() - since >= waitMs) throw error;
    }
    await pause(RETRY_MS);
  }
};
