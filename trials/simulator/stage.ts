import type { SimulatedClock } from './clock.js';
import type { Ledger } from './ledger.js';
import type { Trace } from './trace.js';

/** What everything in a run has at hand. */
export interface Stage {
  readonly clock: SimulatedClock;
  readonly trace: Trace;
  readonly ledger: Ledger;
  /** Something is as it must not be. */
  fail(what: string): void;
}
