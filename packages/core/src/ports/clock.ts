import type { Instant } from '../model/index.js';

/** Time, as a port: the engine never looks at another clock, so a test can move it. */
export interface Clock {
  /** Now. May step backwards when the machine's clock is set. */
  now(): Instant;
  /**
   * Resolves after `ms` milliseconds, or at once when `signal` is aborted; never rejects.
   * Does not keep a process alive.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` once after `ms` milliseconds unless cancelled. Does not keep a process alive. */
  schedule(ms: number, run: () => void): Cancel;
  /** Keeps the process alive, where timers do not, until cancelled: for a wait that has to come to its end. */
  keepAlive?(): Cancel;
}

/** Cancels what was scheduled; harmless when it has happened already. */
export type Cancel = () => void;
