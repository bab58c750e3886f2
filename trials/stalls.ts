import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Tries again what failed while the machine held this process up for so long that what is said of times means nothing; what
 * fails without that fails at once.
 * @param stalledMs the longest that its event loop may be late
 */
export const undisturbed = async <T>(
  trial: () => Promise<T>,
  { stalledMs, attempts }: { readonly stalledMs: number; readonly attempts: number },
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    const stalls = watchStalls();
    try {
      const value = await trial();
      console.log(JSON.stringify(stalls()));
      return value;
    } catch (error) {
      const { worstMs } = stalls();
      if (worstMs < stalledMs || attempt === attempts) throw error;
      console.warn(`It was held up for ${worstMs} ms, so it is tried again: ${error}`);
    }
  }
};

/** How long a process was kept from what it had to do, in milliseconds. */
interface Stalls {
  readonly worstMs: number;
  /** What one turn in a thousand exceeds. */
  readonly rareMs: number;
}

/** Watches how late the event loop is until the function is called that says so. */
const watchStalls = (): (() => Stalls) => {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  return () => {
    delays.disable();
    return { worstMs: Math.round(delays.max / 1e6), rareMs: Math.round(delays.percentile(99.9) / 1e6) };
  };
};
