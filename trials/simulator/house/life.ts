import type { Instant } from '@pocketping/core';

/** The life of one node: what belongs to it ends with it, without a word. */
export class Life {
  readonly name: string;
  /** When it ended, and undefined until then. */
  endedAt: Instant | undefined;
  /** Its clock was set while it ran: what it reckons with time may be off. */
  clockWasSet = false;
  /** When it could not write something down, by session; the empty key stands for what belongs to none. */
  readonly failedAt = new Map<string, Instant[]>();
  readonly #atEnd = new Set<() => void>();
  readonly #now: () => Instant;
  /** The steps it has left, once its end is near. */
  #left = Number.POSITIVE_INFINITY;

  constructor(name: string, now: () => Instant) {
    this.name = name;
    this.#now = now;
  }

  get alive(): boolean {
    return this.endedAt === undefined;
  }

  /** @returns what takes it back */
  onEnd(run: () => void): () => void {
    this.#atEnd.add(run);
    return () => {
      this.#atEnd.delete(run);
    };
  }

  /** It ends after so many more steps. */
  endAfter(steps: number): void {
    this.#left = steps;
  }

  /** One step of a call, before or after its effect: the moments at which an end makes a difference. */
  step(): void {
    if (this.#left-- <= 0) this.end();
  }

  end(): void {
    if (!this.alive) return;
    this.endedAt = this.#now();
    for (const run of this.#atEnd) run();
    this.#atEnd.clear();
  }
}

/** What a dead node waits for. */
export const never = <T>(): Promise<T> => new Promise(() => {});
