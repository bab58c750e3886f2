import type { BridgeError, BridgeErrorCode } from '../errors.js';
import type { Clock, Logger } from '../ports/index.js';
import { backoffMs } from './backoff.js';
import type { Brake } from './pump.js';

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** A person has to act: the next look may take a while. */
const UNAUTHORIZED_MS = 60_000;
/** For how long a platform is taken at its word that it lets us in. */
const LET_IN_MS = 60_000;

/**
 * Holds a bridge back while its platform does not let it go on; with a backoff that is spread so that nodes do not
 * march in step. Listening and posting are told apart: posts may get through while nobody can listen.
 */
export class Braking implements Brake {
  readonly #bridge: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #failures = 0;
  #until = 0;
  #waitMs = 0;
  #letInAt: number | undefined;
  #posting: BridgeErrorCode | undefined;
  #listening: BridgeErrorCode | undefined;
  #resume = new Set<() => void>();

  constructor(bridge: string, clock: Clock, logger: Logger) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Why the bridge does not work as it should, as a code. */
  get reason(): BridgeErrorCode | undefined {
    return this.#posting ?? this.#listening;
  }

  get isHolding(): boolean {
    return this.#posting !== undefined && this.#posting !== 'rate_limited';
  }

  get isLetIn(): boolean {
    if (this.#letInAt === undefined) return false;
    const ageMs = this.#clock.now() - this.#letInAt;
    return ageMs >= 0 && ageMs < LET_IN_MS;
  }

  letIn(): void {
    this.#letInAt = this.#clock.now();
  }

  /** Listening does not work. */
  get isDeaf(): boolean {
    return this.#listening !== undefined;
  }

  /** Posting does not work. Answers for how many milliseconds nobody should try. */
  apply(error: BridgeError): number {
    const now = this.#clock.now();
    this.#letInAt = undefined;
    // Lanes that fail together for one reason count once.
    const left = this.#left();
    if (left > 0) return left;
    this.#waitMs = this.#waitFor(error);
    this.#until = now + this.#waitMs;
    if (this.#posting !== error.code) this.#tell('is paused', error);
    this.#posting = error.code;
    return this.#waitMs;
  }

  /**
   * Listening does not work. Posting is held back too where the reason holds for both; two nodes that listen with
   * one token, say, keep nobody from posting.
   */
  broken(error: BridgeError): void {
    if (this.#listening !== error.code) this.#tell('does not hear the team', error);
    this.#listening = error.code;
    if (error.code !== 'misconfigured' && this.#posting !== error.code) this.apply(error);
  }

  /** Listening works. */
  healed(): void {
    const was = this.reason;
    this.#listening = undefined;
    this.#release();
    if (was !== undefined) this.#logger.info({ bridge: this.#bridge }, `${this.#bridge} works again`);
  }

  /** A post got through: whatever held posts back is over, but for the wait that the platform asked for. */
  release(): void {
    if (this.#posting === undefined) return;
    if (this.#posting === 'rate_limited' && this.#left() > 0) return;
    this.#logger.info({ bridge: this.#bridge }, `${this.#bridge} takes posts again`);
    this.#release();
  }

  async released(signal: AbortSignal): Promise<void> {
    for (;;) {
      const wait = this.#left();
      if (signal.aborted || wait <= 0) return;
      const over = new AbortController();
      const end = () => over.abort();
      signal.addEventListener('abort', end, { once: true });
      this.#resume.add(end);
      await this.#clock.sleep(wait, over.signal);
      this.#resume.delete(end);
      signal.removeEventListener('abort', end);
    }
  }

  /** For how many more milliseconds. Should the clock have been set back, the wait is no longer than it was meant to be. */
  #left(): number {
    const now = this.#clock.now();
    this.#until = Math.min(this.#until, now + this.#waitMs);
    return this.#until - now;
  }

  #release(): void {
    this.#failures = 0;
    this.#until = 0;
    this.#posting = undefined;
    for (const resume of this.#resume) resume();
  }

  #tell(state: string, error: BridgeError): void {
    const level = error.code === 'unauthorized' || error.code === 'misconfigured' ? 'error' : 'warn';
    this.#logger[level](
      { bridge: this.#bridge, code: error.code, err: error },
      `${this.#bridge} ${state}: ${error.message}`,
    );
  }

  #waitFor(error: BridgeError): number {
    if (error.code === 'rate_limited') return error.retryAfterMs ?? FIRST_MS;
    if (error.code === 'unauthorized' || error.code === 'misconfigured') return UNAUTHORIZED_MS;
    return backoffMs(++this.#failures, { firstMs: FIRST_MS, longestMs: LONGEST_MS });
  }
}
