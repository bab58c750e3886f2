import type { Clock } from '@pocketping/core';

/** When nobody waits for an answer any more: its client has gone, or the platform is about to cut it. */
export class Ending {
  readonly #runs = new Set<() => void>();
  readonly #stop: () => void;
  #over = false;

  constructor(signal: AbortSignal, clock: Clock, afterMs: number | undefined) {
    const cancel = afterMs === undefined ? () => {} : clock.schedule(afterMs, () => this.end());
    const gone = () => this.end();
    this.#stop = () => {
      cancel();
      signal.removeEventListener('abort', gone);
    };
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) this.end();
  }

  /** Calls `run` then; at once if it is so already. */
  whenOver(run: () => void): void {
    if (this.#over) run();
    else this.#runs.add(run);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    for (const run of this.#runs) run();
  }
}
