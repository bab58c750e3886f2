import type { Clock } from './ports/clock.js';

/** Timers of the host, where they can be told not to keep the process alive (Node, Bun, Deno). */
const letGo = (timer: unknown): void => {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    (timer as { unref(): void }).unref();
  }
};

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      letGo(timer);
      signal?.addEventListener('abort', end, { once: true });
    }),
  schedule: (ms, run) => {
    const timer = setTimeout(run, ms);
    letGo(timer);
    return () => clearTimeout(timer);
  },
  keepAlive: () => {
    const timer = setInterval(() => {}, LONG_MS);
    return () => clearInterval(timer);
  },
};

/** The longest that timers can wait. */
const LONG_MS = 2 ** 31 - 1;
