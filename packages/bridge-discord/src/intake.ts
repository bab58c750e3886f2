import { BridgeError, type BridgeHost, type Inbound } from '@pocketping/core';

/** Events that wait while the engine cannot take any. Beyond, they are let go of and asked for again. */
const ROOM = 10_000;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/** What happened, not yet understood. May ask Discord about it, and may therefore reject, to be asked again. */
export type Reading = () => Promise<Inbound | undefined>;

/**
 * Hands over what the gateway tells, one after another and in order. Discord does not repeat what was not taken, so it
 * is kept here and handed over again until it is.
 */
export class Intake {
  readonly #host: BridgeHost;
  readonly #signal: AbortSignal;
  readonly #waiting: Reading[] = [];
  #running: Promise<void> | undefined;
  #overflowed = false;

  /** @param signal aborted to stop: what waits is let go of, and caught up after the next start */
  constructor(host: BridgeHost, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  add(reading: Reading): void {
    if (this.#signal.aborted) return;
    if (this.#waiting.length >= ROOM) {
      this.#waiting.length = 0;
      this.#overflowed = true;
      this.#host.logger.warn({}, 'Too much waits to be stored; what Discord still knows is asked for later');
    }
    this.#waiting.push(reading);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is being handed over any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let reading = this.#waiting[0]; reading && !this.#signal.aborted; reading = this.#waiting[0]) {
      await this.#handOver(reading);
      // Those that waited may have been let go of in between.
      if (this.#waiting[0] === reading) this.#waiting.shift();
      if (!this.#overflowed || this.#waiting.length > 0) continue;
      this.#overflowed = false;
      this.#host.missed();
    }
  }

  async #handOver(reading: Reading): Promise<void> {
    const { logger, clock } = this.#host;
    for (let attempt = 1; !this.#signal.aborted; attempt++) {
      try {
        const inbound = await this.#understood(reading);
        if (inbound) await this.#host.receive(inbound);
        return;
      } catch (err) {
        logger.warn({ err }, 'Something said in Discord could not be stored and is tried again');
        await clock.sleep(backoffMs(attempt), this.#signal);
      }
    }
  }

  /** @throws BridgeError when Discord could not be asked, which may work later */
  async #understood(reading: Reading): Promise<Inbound | undefined> {
    try {
      return await reading();
    } catch (err) {
      if (BridgeError.isInstance(err)) throw err;
      // It would fail again, and hold up everything behind it.
      this.#host.logger.error({ err }, 'Did not understand a Discord event; passed over it');
      return undefined;
    }
  }
}

/** Doubles from a quarter of a second to half a minute, less up to half of it by chance. */
const backoffMs = (attempt: number): number => {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return full * (1 - Math.random() / 2);
};
