import type { Cancel, Clock, Instant } from '@pocketping/core';
import { sleepBy } from '../clock.js';
import type { Life } from './life.js';

/** The clock of one machine: it can be set, and stops with its node. */
export class NodeClock implements Clock {
  readonly #time: Clock;
  readonly #life: Life;
  #ahead = 0;
  /** Timers that wait. */
  pending = 0;

  constructor(time: Clock, life: Life) {
    this.#time = time;
    this.#life = life;
  }

  /** Sets it forward, or back; timers keep their distance. */
  set(aheadMs: number): void {
    this.#ahead += aheadMs;
    this.#life.clockWasSet = true;
  }

  now(): Instant {
    return this.#time.now() + this.#ahead;
  }

  readonly schedule = (ms: number, run: () => void): Cancel => {
    let waits = true;
    this.pending++;
    const over = () => {
      if (waits) this.pending--;
      waits = false;
    };
    const cancel = this.#time.schedule(ms, () => {
      over();
      if (this.#life.alive) run();
    });
    return () => {
      over();
      cancel();
    };
  };

  readonly sleep = sleepBy(this.schedule);
}
