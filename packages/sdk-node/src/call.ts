import type { Logger } from '@pocketping/core';

type Report = (reason: unknown) => void;

/**
 * What a method of the engine promises. Awaited, it is like any promise; a call that nobody waits for, and that fails, becomes a line
 * of the log instead of the end of the process. So does what is made of it (`then`, `finally`) as far as the call's own failure passes
 * through; what a callback throws is its author's, and as with any promise.
 */
class Call<T> extends Promise<T> {
  #isTaken = false;
  /** Told if the failure of a call ends here; undefined while there is none that could. */
  #report: Report | undefined;

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and this is how it learns that somebody waits.
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isTaken = true;
    const passOn = (outcome: unknown): void => {
      if (outcome instanceof Call) outcome.#passOn(made);
    };
    const made = super.then(watched(fulfilled, passOn), watched(rejected, passOn)) as Call<A | B>;
    if (typeof rejected !== 'function') this.#passOn(made);
    return made;
  }

  /** The outcome is that of the call, unless the callback fails. */
  override finally(run?: (() => void) | null): Promise<T> {
    if (typeof run !== 'function') return this.then();
    const over = () => resolved.then(run).then(() => this);
    return this.then(over, over);
  }

  /** Tells `report` of the failure if nobody has asked for the outcome by then. */
  whenLost(report: Report): this {
    this.#report = report;
    super.then(undefined, (reason: unknown) => {
      if (!this.#isTaken) report(reason);
    });
    return this;
  }

  /** Where this fails with a call's failure, `made` does. It is noted before `made` fails, so that Node never sees it unhandled. */
  #passOn(made: Call<unknown>): void {
    super.then(undefined, () => {
      if (this.#report) made.whenLost(this.#report);
    });
  }
}

const resolved = new Call<void>((resolve) => resolve());

/** The callback, with a look at what it returns; what is no function is none, as for any promise. */
const watched = <V, R>(
  callback: ((value: V) => R) | null | undefined,
  look: (outcome: R) => void,
): ((value: V) => R) | undefined => {
  if (typeof callback !== 'function') return undefined;
  return (value) => {
    const outcome = callback(value);
    look(outcome);
    return outcome;
  };
};

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
    let isTold = false;
    return new Call((resolve) => resolve(outcome)).whenLost((err) => {
      // Several things may have been made of it.
      if (isTold) return;
      isTold = true;
      this.logger.error({ err, call: name }, `${name} failed, and nobody waited for it: ${reasonOf(err)}`);
    });
  };

/** A storage of the user's may throw anything. */
const reasonOf = (err: unknown): string => {
  try {
    return err instanceof Error ? err.message : String(err);
  } catch {
    return 'with what cannot be read';
  }
};
