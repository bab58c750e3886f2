/**
 * Time, as the emulator needs it: dates, and everything that waits. `schedule` may be left out of a clock that only
 * tells the time; what waits then goes by the system's timers.
 */
export interface EmulatorClock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds unless the function it returns is called before. */
  schedule?(ms: number, run: () => void): () => void;
}

export type Clock = Required<EmulatorClock>;

/** The given clock, with the system's for what it lacks. Nothing that waits keeps the process alive. */
export const clockFrom = (given: EmulatorClock | undefined): Clock => ({
  now: () => (given ? given.now() : Date.now()),
  schedule: (ms, run) => (given?.schedule ? given.schedule(ms, run) : scheduled(ms, run)),
});

/** Resolves after `ms` milliseconds, at once if there are none, or when the signal is aborted; never rejects. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });

function scheduled(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}
