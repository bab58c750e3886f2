import type { Clock } from '../../packages/widget/src/client/clock.js';

/** Longer than this a widget waits only for a server that may be silent for 25 s. */
const LONGEST_RETRY_MS = 30_000;

/** Waits for an answer are among those from here on: a server that is busy gets three seconds. */
const ANSWER_MS = { from: 10_000, atLeast: 3000 };

/**
 * Real time, so many times faster: a widget that waits a second before it tries again waits less. It waits as long as ever
 * for the server, which answers in its own time.
 */
export const fastClock = (times: number): Clock => {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * times,
    after(ms, task) {
      const timer = setTimeout(task, hurried(ms, times));
      return () => clearTimeout(timer);
    },
  };
};

const hurried = (ms: number, times: number): number => {
  if (ms > LONGEST_RETRY_MS) return ms;
  return ms < ANSWER_MS.from ? ms / times : Math.max(ms / times, ANSWER_MS.atLeast);
};
