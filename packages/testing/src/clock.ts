import type { Clock, Instant } from '@pocketping/core';

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /**
   * Moves the time on by `ms` milliseconds. What is due on the way runs in order, each at its own instant, and what it
   * set in motion settles before the next runs. Promises settle, and what waits for a few turns of the event loop;
   * real I/O is not waited for.
   */
  advance(ms: number): Promise<void>;
  /** Sets the time without running anything, like a machine's clock that is set back; timers keep their distance. */
  set(now: Instant): void;
  /** How many timers wait. */
  readonly pending: number;
}

interface Timer {
  at: Instant;
  readonly order: number;
  readonly run: () => void;
}

/** @param start the time at the beginning; an hour in January 2026 by default */
export const virtualClock = (start: Instant = Date.UTC(2026, 0, 21, 9)): VirtualClock => {
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();

  const schedule = (ms: number, run: () => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order++, run };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };

  const firstUntil = (end: Instant): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > end) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  };

  return {
    now: () => now,
    schedule,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const end = () => {
          cancel();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const cancel = schedule(ms, end);
        signal?.addEventListener('abort', end, { once: true });
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settled();
      for (let timer = firstUntil(end); timer; timer = firstUntil(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
        await settled();
      }
      now = Math.max(now, end);
    },
    set: (instant) => {
      for (const timer of timers) timer.at += instant - now;
      now = instant;
    },
    get pending() {
      return timers.size;
    },
  };
};

/**
 * Lets time pass in steps of two seconds, and leaves some of the real one between them to what takes place over sockets: a client
 * library and its emulator.
 */
export const passSlowly = async (clock: VirtualClock, ms: number): Promise<void> => {
  for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
    await clock.advance(STEP_MS);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const STEP_MS = 2000;

/** Turns of the event loop after which everything has settled that does no I/O. */
const TURNS = 5;

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
};
