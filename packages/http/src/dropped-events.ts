import type { Clock, Instant, Logger } from '@pocketping/core';

/** Between two lines of the log. */
const QUIET_MS = 60_000;

/**
 * Has the log say that custom events of pages are dropped: of the first at once, then once a minute at most, and how many it was. A page that
 * triggers too many may as well reconnect all the time, or be open in a hundred tabs.
 */
export class DroppedEvents {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #toldAt: Instant = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @param why as the end of a sentence */
  tell(whose: { readonly sessionId: string; readonly visitorId: string | undefined }, why: string): void {
    const now = this.#clock.now();
    // Of a clock that was set back, nobody knows how long ago it was.
    if (now >= this.#toldAt && now - this.#toldAt < QUIET_MS) {
      this.#untold++;
      return;
    }
    const meanwhile = this.#untold > 0 ? { droppedMeanwhile: this.#untold } : {};
    this.#logger.warn({ ...whose, ...meanwhile }, `Custom events from a page are dropped: ${why}.`);
    this.#toldAt = now;
    this.#untold = 0;
  }
}
