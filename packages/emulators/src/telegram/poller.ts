import type { Clock } from './clock.js';
import { type ApiError, anotherPoller, webhookActive, webhookSet } from './errors.js';
import type { EmulatorState } from './state.js';
import type { Update } from './types.js';
import type { UpdateQueue } from './updates.js';

export interface PollQuery {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly allowedUpdates?: readonly string[] | undefined;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

/**
 * `getUpdates`: an update is forgotten once a higher offset is asked for, and only one poller waits at a time.
 * @see https://core.telegram.org/bots/api#getupdates
 */
export class Poller {
  #waiting: { wake: () => void; refuse: (error: ApiError) => void } | undefined;

  constructor(
    private readonly state: EmulatorState,
    private readonly updates: UpdateQueue,
    private readonly clock: Clock,
  ) {
    updates.onArrival(() => this.#waiting?.wake());
  }

  /** @throws ApiError 409 while a webhook is set, and for a poller that another one displaces */
  async poll(query: PollQuery): Promise<readonly Update[]> {
    if (this.state.webhook) throw webhookActive();
    this.#waiting?.refuse(anotherPoller());
    if (query.allowedUpdates) this.state.allowedUpdates = query.allowedUpdates;
    this.updates.confirmBelow(query.offset);
    const ready = this.updates.take(query.limit);
    if (ready.length > 0 || query.timeoutMs <= 0) return ready;
    await this.#wait(query);
    return query.signal.aborted ? [] : this.updates.take(query.limit);
  }

  /** A webhook was set: nobody polls any more. */
  terminate(): void {
    this.#waiting?.refuse(webhookSet());
  }

  #wait({ timeoutMs, signal }: PollQuery): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        wake: () => finish(resolve),
        refuse: (error: ApiError) => finish(() => reject(error)),
      };
      const finish = (settle: () => void) => {
        cancel();
        signal.removeEventListener('abort', waiting.wake);
        if (this.#waiting === waiting) this.#waiting = undefined;
        settle();
      };
      const cancel = this.clock.schedule(timeoutMs, waiting.wake);
      signal.addEventListener('abort', waiting.wake);
      this.#waiting = waiting;
    });
  }
}
