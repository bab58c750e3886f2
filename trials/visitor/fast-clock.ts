import type { Clock } from '../../packages/widget/src/client/clock.js';

/** Real time, so many times faster: a widget that waits a second before it tries again waits less. */
export const fastClock = (times: number): Clock => {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * times,
    after(ms, task) {
      const timer = setTimeout(task, ms / times);
      return () => clearTimeout(timer);
    },
  };
};
