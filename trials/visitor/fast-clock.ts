import type { Clock } from '../../packages/widget/src/client/clock.js';

/** Longer than this a widget waits only for a server that may be silent for 25 s. */
const LONGEST_RETRY_MS = 30_000;

/**
 * Real time, so many times faster: a widget that waits a second before it tries again waits less. It waits as long as ever
 * for the next sign of life, which the server gives in its own time.
 */
export const fastClock = (times: number): Clock => {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * times,
    after(ms, task) {
      const timer = setTimeout(task, ms > LONGEST_RETRY_MS ? ms : ms / times);
      return () => clearTimeout(timer);
    },
  };
};
