import type { BridgeError } from '../errors.js';
import type { BridgeHealth } from '../health.js';
import type { Clock, Logger } from '../ports/index.js';
import type { Brake } from './pump.js';

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** A person has to act: the next look may take a while. */
const UNAUTHORIZED_MS = 60_000;

/** Holds a bridge back while its platform does not let it go on; with a backoff that is spread so that nodes do not march in step. */
export class Braking implements Brake {
  readonly #bridge: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #failures = 0;
  #until = 0;
  #reason: string | undefined;
  #changed = new AbortController();

  constructor(bridge: string, clock: Clock, logger: Logger) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Why the bridge is held back, as a code. */
  get reason(): BridgeHealth['reason'] {
    return this.#reason;
  }

  apply(error: BridgeError): number {
    const now = this.#clock.now();
    // Lanes that fail together for one reason count once.
    if (now < this.#until) return this.#until - now;
    const waitMs = this.#waitFor(error);
    this.#until = now + waitMs;
    this.#tell(error, waitMs);
    return waitMs;
  }

  /**
   * Listening does not work. Posting is held back too where the reason holds for both; two nodes that listen with
   * one token, say, keep nobody from posting.
   */
  note(error: BridgeError): void {
    if (error.code === 'misconfigured') this.#tell(error, 0);
    else this.apply(error);
  }

  /** The platform answered: whatever held the bridge back is over. */
  release(): void {
    if (this.#reason === undefined) return;
    this.#logger.info({ bridge: this.#bridge }, `${this.#bridge} works again`);
    this.#failures = 0;
    this.#until = 0;
    this.#reason = undefined;
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  async released(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = this.#until - this.#clock.now();
      if (wait <= 0) return;
      const over = new AbortController();
      const end = () => over.abort();
      signal.addEventListener('abort', end, { once: true });
      this.#changed.signal.addEventListener('abort', end, { once: true });
      await this.#clock.sleep(wait, over.signal);
      signal.removeEventListener('abort', end);
    }
  }

  /** Says it once for each reason. */
  #tell(error: BridgeError, waitMs: number): void {
    if (this.#reason !== error.code) {
      const level = error.code === 'unauthorized' || error.code === 'misconfigured' ? 'error' : 'warn';
      const state = waitMs > 0 ? 'is paused' : 'has a problem';
      this.#logger[level](
        { bridge: this.#bridge, code: error.code, waitMs, err: error },
        `${this.#bridge} ${state}: ${error.message}`,
      );
    }
    this.#reason = error.code;
  }

  #waitFor(error: BridgeError): number {
    if (error.code === 'rate_limited') return error.retryAfterMs ?? FIRST_MS;
    if (error.code === 'unauthorized' || error.code === 'misconfigured') return UNAUTHORIZED_MS;
    const ceiling = Math.min(FIRST_MS * 2 ** this.#failures++, LONGEST_MS);
    return ceiling / 2 + Math.random() * (ceiling / 2);
  }
}
