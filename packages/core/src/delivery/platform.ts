import { BridgeError } from '../errors.js';
import type { Bridge, Clock, Logger } from '../ports/index.js';
import { LostLease } from './lease.js';
import type { Pacer, Place } from './pacer.js';

/** The deadline of every call to a platform; well under the lease that makes this node the one who calls. */
const CALL_MS = 10_000;
/** What is dispensable is left out when this much of a budget is used, and what can wait waits from the second one on. */
const PLENTY = 0.5;
const PRESSED = 0.75;

/** For how long this node has the bridge. */
export interface Hold {
  /** Aborted when this node no longer has the bridge: no further call begins. */
  readonly signal: AbortSignal;
  /** The instant until which the lease is known to be this node's. */
  until(): number;
}

/** A bridge within its platform's budget, with a deadline for each call. */
export class Platform {
  readonly bridge: Bridge;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly #pacer: Pacer;
  readonly #hold: Hold;
  /** Calls that wait for their turn. One listener on the hold serves them all: there may be many. */
  readonly #waits = new Set<AbortController>();
  readonly #succeeded: () => void;

  constructor(
    bridge: Bridge,
    ports: { clock: Clock; logger: Logger },
    pacer: Pacer,
    hold: Hold,
    succeeded: () => void,
  ) {
    this.bridge = bridge;
    this.clock = ports.clock;
    this.logger = ports.logger;
    this.#pacer = pacer;
    this.#hold = hold;
    const { signal } = hold;
    const end = () => {
      for (const wait of this.#waits) wait.abort(signal.reason);
    };
    signal.addEventListener('abort', end, { once: true });
    this.#succeeded = succeeded;
  }

  /**
   * Makes one call when the budget allows it. A call that does not end in time is uncertain: it may have taken
   * effect. @throws BridgeError, or whatever a faulty bridge throws.
   */
  async call<T>(place: Place, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.turn(place);
    return this.inTurn(place, run);
  }

  /** Resolves when the budget allows a call, which then has to be made with `inTurn`. @returns whether it had to wait. */
  turn(place: Place): Promise<boolean> {
    return this.#waiting((signal) => this.#pacer.turn(place, signal));
  }

  /** Makes a call whose turn has come. @throws like `call` */
  async inTurn<T>(
    place: Place,
    run: (signal: AbortSignal) => Promise<T>,
    withinMs: number = CALL_MS,
  ): Promise<T> {
    await this.#waiting((signal) => this.#pacer.begin(place, signal));
    if (this.clock.now() + CALL_MS > this.#hold.until()) {
      throw new LostLease('the lease may end before the call does');
    }
    try {
      const result = await this.ask(run, withinMs);
      this.#succeeded();
      return result;
    } catch (error) {
      if (BridgeError.isInstance(error) && error.code === 'rate_limited') {
        this.#pacer.pause(error.scope ?? 'chat', place, error.retryAfterMs ?? 1000);
      }
      throw error;
    }
  }

  /** Makes a call that counts in no budget, within its deadline. @throws like `call` */
  async ask<T>(run: (signal: AbortSignal) => Promise<T>, withinMs: number = CALL_MS): Promise<T> {
    // A call that is under way is let finish when the engine stops: cut off, its outcome would be uncertain.
    const deadline = new AbortController();
    const began = this.clock.now();
    const cancel = this.clock.schedule(withinMs, () => deadline.abort());
    // One that may take longer than the lease lasts ends soon after that is gone.
    const cut = withinMs > CALL_MS ? this.#soonAfterHold(() => deadline.abort()) : () => {};
    const late = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener(
        'abort',
        () =>
          reject(
            new BridgeError(
              'uncertain',
              `${this.bridge.name} did not answer within ${Math.round((this.clock.now() - began) / 1000)} s`,
            ),
          ),
        { once: true },
      );
    });
    try {
      return await Promise.race([run(deadline.signal), late]);
    } finally {
      cancel();
      cut();
    }
  }

  /** Runs something a call's time after this node has let go of the bridge. @returns what withdraws that */
  #soonAfterHold(run: () => void): () => void {
    const { signal } = this.#hold;
    let cancel = () => {};
    const wait = () => {
      cancel = this.clock.schedule(CALL_MS, run);
    };
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
    return () => {
      signal.removeEventListener('abort', wait);
      cancel();
    };
  }

  async #waiting<T>(wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    if (this.#hold.signal.aborted) over.abort(this.#hold.signal.reason);
    this.#waits.add(over);
    try {
      return await wait(over.signal);
    } finally {
      this.#waits.delete(over);
    }
  }

  /** For how many more milliseconds the platform refuses this thread; 0 when it does not. */
  pausedFor(place: Place): number {
    return this.#pacer.pausedFor(place);
  }

  /** The budget is nearly used up: what can wait has to, and what can go together does. */
  isPressed(place: Place): boolean {
    return this.#pacer.use(place) >= PRESSED;
  }

  /** There is budget for what is dispensable. */
  hasPlenty(place: Place): boolean {
    return this.#pacer.use(place) < PLENTY;
  }

  /** A call that nobody would miss: made only when there is plenty of budget; its failure is nobody's concern. */
  async spare(place: Place, run: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    if (!this.hasPlenty(place)) return;
    try {
      await this.call(place, run);
    } catch (err) {
      this.logger.debug({ err, bridge: this.bridge.name }, 'a dispensable call failed');
    }
  }
}
