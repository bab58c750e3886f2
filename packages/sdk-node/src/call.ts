import type { Logger } from '@pocketping/core';

/**
 * What a method of the engine promises. Awaited, it is like any promise; a call that nobody waits for, and that fails, becomes a line
 * of the log instead of the end of the process.
 */
class Call<T> extends Promise<T> {
  /** What is made of it (`then`, `catch`, `finally`) is its maker's affair. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #isTaken = false;

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and this is how it learns that somebody waits.
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isTaken = true;
    return super.then(fulfilled, rejected);
  }

  /** Calls `run` with the failure if nobody has asked for the outcome by then. */
  whenLost(run: (reason: unknown) => void): this {
    super.then(undefined, (reason: unknown) => {
      if (!this.#isTaken) run(reason);
    });
    return this;
  }
}

type Method = (this: Caller, ...given: unknown[]) => unknown;

interface Caller {
  readonly logger: Logger;
}

/** Makes every promise that a class or the class above it gives out a `Call`. */
export const noticeFailures = (own: Caller, inherited: object): void => {
  for (const name of Object.getOwnPropertyNames(inherited)) {
    const method =
      Object.getOwnPropertyDescriptor(own, name) ?? Object.getOwnPropertyDescriptor(inherited, name);
    if (name === 'constructor' || typeof method?.value !== 'function') continue;
    Object.defineProperty(own, name, { ...method, value: noticing(name, method.value as Method) });
  }
};

const noticing = (name: string, method: Method): Method =>
  function (...given) {
    const outcome = method.apply(this, given);
    if (!(outcome instanceof Promise)) return outcome;
    return new Call((resolve) => resolve(outcome)).whenLost((err) => {
      this.logger.error({ err, call: name }, `${name} failed, and nobody waited for it: ${reasonOf(err)}`);
    });
  };

const reasonOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));
