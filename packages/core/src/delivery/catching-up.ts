import type { Engine } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { Instant } from '../model/index.js';
import type { Bridge, Inbound } from '../ports/index.js';
import { backoffMs } from './backoff.js';
import { type Fence, LostLease } from './lease.js';
import { Untaken } from './untaken.js';

/** The scope of the state that says, for each bridge, until when everything was surely heard. */
const HEARD = 'heard';
/** How often that is written. */
const MARK_MS = 30_000;
/**
 * How often a platform that calls us is asked, in units of that: that nobody calls may mean that nothing was said, or that
 * we cannot be reached. It gives up calling after a while, so what it could not tell has to be asked for.
 */
const LOOK_AFTER_RESTS = 6;
/** How much further back is asked: clocks differ, and what was said takes a while to arrive. */
const MARGIN_MS = 60_000;
/** What was refused and has not come again for so long is asked for. */
const OVERDUE_MS = 60_000;
/** A platform that tells nothing for so long, and of which there is no sign that it goes on, is asked again later. */
const SILENT_MS = 60_000;
/** For how long what is said now waits for what was missed. Some platforms want an answer within 3 s. */
const HOLD_MS = 2000;
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * Asks a platform for what was said while nobody listened: when the bridge has started, when it has missed something, and
 * every few minutes where the platform calls us, for then nothing shows that it can. A commit knows what it has seen already, so it is asked from a little further back, and from the same instant until
 * everything was taken. Within a conversation what was missed comes first if it comes within two seconds; what is said
 * meanwhile waits for that long; with `inOrder` for as long as it takes.
 */
export class CatchingUp {
  readonly #engine: Engine;
  readonly #bridge: Bridge;
  readonly #hears: () => boolean;
  readonly #take: (inbound: Inbound) => Promise<void>;
  readonly #untaken = new Untaken();
  #due = false;
  #runs = false;
  #heldUntil = 0;
  #release: (caughtUp: boolean) => void = () => {};
  /** Pending while something may be missing; tells whether it was made up for. */
  #caughtUp: Promise<boolean> | undefined;
  #wake: () => void = () => {};

  /** @param hears whether nothing is known to keep the bridge from hearing everything now */
  constructor(
    engine: Engine,
    bridge: Bridge,
    { hears, take }: { hears: () => boolean; take: (inbound: Inbound) => Promise<void> },
  ) {
    this.#engine = engine;
    this.#bridge = bridge;
    this.#hears = hears;
    this.#take = take;
  }

  /** Takes what the bridge hears now. */
  async receive(inbound: Inbound): Promise<void> {
    const { catchUp, name } = this.#bridge;
    if (!catchUp) return this.#take(inbound);
    const { clock } = this.#engine;
    await this.#untaken.whileTaking(inbound, clock.now(), async () => {
      if (this.#caughtUp && catchUp.inOrder) {
        if (!(await this.#caughtUp)) {
          throw new BridgeError('unavailable', `${name} stops, and has not caught up: hand it over again.`);
        }
      } else {
        const holdMs = this.#heldUntil - clock.now();
        if (this.#caughtUp && holdMs > 0) await this.#waiting(this.#caughtUp, holdMs);
      }
      await this.#take(inbound);
    });
  }

  /** Something may have been said that the bridge did not hear. The node that has the bridge asks: another one holds nothing up. */
  missed(): void {
    if (!this.#runs) return;
    this.begin();
    this.#wake();
  }

  /** The bridge is about to listen, and will have missed what was said before. */
  begin(): void {
    if (!this.#bridge.catchUp) return;
    this.#hold();
    this.#due = true;
  }

  /** Catches up whenever there is need, and notes how far the bridge has heard, until `signal` is aborted. Never rejects. */
  async run(fence: Fence, signal: AbortSignal, lost: () => void): Promise<void> {
    if (!this.#bridge.catchUp) return;
    const isCalled = this.#bridge.webhook !== undefined;
    let mark: Instant | undefined;
    let failures = 0;
    let rests = 0;
    this.#runs = true;
    while (!signal.aborted) {
      try {
        mark ??= await this.#lastMark();
        if (mark === undefined) {
          this.#due = false;
          mark = await this.#note(this.#engine.clock.now(), fence);
        } else if (this.#due || rests >= LOOK_AFTER_RESTS) {
          // Where nothing is known to be missing, nobody waits for it.
          if (this.#due) this.#hold();
          this.#due = false;
          rests = 0;
          const began = this.#engine.clock.now();
          await this.#catchUp(mark - MARGIN_MS, signal);
          this.#untaken.forgetUpTo(began);
          mark = await this.#note(began, fence);
        }
        failures = 0;
        this.#letGo(true);
        await this.#idle(MARK_MS, signal);
        const now = this.#engine.clock.now();
        if (now - (this.#untaken.oldest() ?? now) > OVERDUE_MS) this.#due = true;
        if (isCalled) rests++;
        else if (!this.#due && this.#hears() && !signal.aborted) mark = await this.#note(now, fence);
      } catch (error) {
        // What is held stays so for its two seconds: the next try may well be within them.
        if (error instanceof LostLease) lost();
        if (signal.aborted) break;
        this.#due = true;
        await this.#engine.clock.sleep(this.#waitAfter(error, failures++), signal);
      }
    }
    this.#runs = false;
    this.end();
  }

  /** The bridge is about to stop: what waits here is not taken out of its turn, and has to come again. */
  end(): void {
    this.#letGo(false);
  }

  async #catchUp(after: Instant, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#engine;
    const { name } = this.#bridge;
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const cut = new Promise<never>((_, reject) => {
      const refuse = () =>
        reject(new BridgeError('unavailable', `${name} told nothing for ${SILENT_MS / 1000} s`));
      if (over.signal.aborted) refuse();
      over.signal.addEventListener('abort', refuse, { once: true });
    });
    cut.catch(() => {});
    const missed = this.#missedSince(after, over.signal);
    let cancel = clock.schedule(SILENT_MS, end);
    let taken = 0;
    try {
      for (;;) {
        const next = await Promise.race([missed.next(), cut]);
        cancel();
        if (next.done) break;
        const { value: inbound } = next;
        if (inbound) {
          await this.#untaken.whileTaking(inbound, clock.now(), () => this.#take(inbound));
          taken++;
        }
        cancel = clock.schedule(SILENT_MS, end);
      }
    } finally {
      cancel();
      signal.removeEventListener('abort', end);
      missed.return?.().catch(() => {});
    }
    if (taken > 0) {
      logger.info(
        { bridge: name, after, taken },
        `${name} went through what was said since it last listened`,
      );
    }
  }

  #missedSince(after: Instant, signal: AbortSignal): AsyncIterator<Inbound | undefined> {
    const { catchUp } = this.#bridge;
    if (!catchUp) throw new Error(`${this.#bridge.name} cannot catch up`);
    return catchUp.since(after, { signal })[Symbol.asyncIterator]();
  }

  async #lastMark(): Promise<Instant | undefined> {
    const entry = await this.#engine.storage.state(HEARD, this.#bridge.name);
    // A clock that was set back leaves a mark in the future.
    return entry ? Math.min(Number(entry.value), this.#engine.clock.now()) : undefined;
  }

  /** Everything up to `instant` was heard, but for what is not taken yet. */
  async #note(instant: Instant, fence: Fence): Promise<Instant> {
    const mark = Math.min(instant, this.#untaken.oldest() ?? instant);
    const result = await this.#engine.log.commit({
      at: this.#engine.clock.now(),
      state: [{ scope: HEARD, key: this.#bridge.name, value: mark }],
      expect: { fence },
    });
    if (result.conflict !== undefined) throw new LostLease('another node listens now');
    return mark;
  }

  /** What is said from now on waits a little. */
  #hold(): void {
    this.#heldUntil = this.#engine.clock.now() + HOLD_MS;
    this.#caughtUp ??= new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  #letGo(caughtUp: boolean): void {
    this.#caughtUp = undefined;
    this.#release(caughtUp);
  }

  async #waiting(caughtUp: Promise<unknown>, holdMs: number): Promise<void> {
    const over = new AbortController();
    void caughtUp.then(() => over.abort());
    await this.#engine.clock.sleep(holdMs, over.signal);
  }

  async #idle(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#due || signal.aborted) return;
    const over = new AbortController();
    this.#wake = () => over.abort();
    signal.addEventListener('abort', this.#wake, { once: true });
    await this.#engine.clock.sleep(ms, over.signal);
    signal.removeEventListener('abort', this.#wake);
    this.#wake = () => {};
  }

  #waitAfter(error: unknown, failures: number): number {
    const { logger } = this.#engine;
    const { name } = this.#bridge;
    const code = BridgeError.isInstance(error) ? error.code : undefined;
    const level = code === 'unauthorized' || code === 'misconfigured' ? 'error' : 'warn';
    logger[level]({ err: error, bridge: name }, `${name} could not ask for what it missed; trying again`);
    if (level === 'error') return LONGEST_MS;
    if (BridgeError.isInstance(error) && code === 'rate_limited') return error.retryAfterMs ?? FIRST_MS;
    return backoffMs(failures + 1, { firstMs: FIRST_MS, longestMs: LONGEST_MS });
  }
}
