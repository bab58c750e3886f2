import { monotonicMs } from './control.js';

/** Watches for how long at a time the event loop is not free. It keeps the loop turning, so it is for moments only. */
export class BlockWatch {
  #longest = 0;
  #watching = false;

  start(): void {
    this.#longest = 0;
    this.#watching = true;
    let last = monotonicMs();
    const turn = () => {
      const now = monotonicMs();
      this.#longest = Math.max(this.#longest, now - last);
      last = now;
      if (this.#watching) setImmediate(turn);
    };
    setImmediate(turn);
  }

  /** @returns the longest turn since the start, in milliseconds */
  stop(): number {
    this.#watching = false;
    return this.#longest;
  }
}
