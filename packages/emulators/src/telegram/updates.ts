import { type ApiError, anotherPoller } from './errors.js';
import type { EmulatorState } from './state.js';
import type { Update, UpdatePayloads, UpdateType } from './types.js';

export interface PollQuery {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly allowedUpdates?: readonly string[] | undefined;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

/** Incoming updates are not kept longer than 24 hours. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** How many delivered updates can still be replayed. */
const REMEMBERED = 1000;

/**
 * The queue behind `getUpdates`: an update is forgotten once a higher offset is asked for, and only one poller
 * waits at a time.
 * @see https://core.telegram.org/bots/api#getupdates
 */
export class UpdateQueue {
  readonly #past = new Map<number, Update>();
  readonly #again: Update[] = [];
  #poller: { wake: () => void; refuse: (error: ApiError) => void } | undefined;

  constructor(
    private readonly state: EmulatorState,
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {}

  get pending(): number {
    return this.state.updates.length + this.#again.length;
  }

  push<T extends UpdateType>(type: T, payload: UpdatePayloads[T]): void {
    const { allowedUpdates } = this.state;
    if (allowedUpdates.length > 0 && !allowedUpdates.includes(type)) return;
    const update = { update_id: this.state.nextUpdateId++, [type]: payload } as Update;
    this.state.updates.push({ at: this.now(), update });
    this.#remember(update);
    this.changed();
    this.#poller?.wake();
  }

  /**
   * Delivers an update once more with the next answer, even if it was confirmed.
   * @throws RangeError if this process never sent that update
   */
  replay(updateId: number): void {
    const update =
      this.#past.get(updateId) ?? this.state.updates.find((one) => one.update.update_id === updateId)?.update;
    if (!update) throw new RangeError(`there was no update ${updateId}`);
    this.#again.push(update);
    this.#poller?.wake();
  }

  /** The updates that were put in the queue since the start, oldest first (the newest 1,000). */
  history(): readonly Update[] {
    return [...this.#past.values()];
  }

  /** Forgets everything that waits. */
  drop(): void {
    this.state.updates = [];
    this.#again.length = 0;
    this.changed();
  }

  /** @throws ApiError 409 for a poller that another one displaces */
  async poll(query: PollQuery): Promise<readonly Update[]> {
    this.#poller?.refuse(anotherPoller());
    if (query.allowedUpdates) this.state.allowedUpdates = query.allowedUpdates;
    this.#confirm(query.offset);
    const ready = this.#take(query.limit);
    if (ready.length > 0 || query.timeoutMs <= 0) return ready;
    await this.#wait(query);
    return query.signal.aborted ? [] : this.#take(query.limit);
  }

  /** Lets the waiting poller go, with nothing or with what there is. */
  release(): void {
    this.#poller?.wake();
  }

  #confirm(offset: number): void {
    const { updates } = this.state;
    const first =
      offset < 0 ? (updates.at(offset)?.update.update_id ?? updates[0]?.update.update_id) : offset;
    const oldest = this.now() - KEPT_MS;
    const kept = updates.filter(({ at, update }) => at >= oldest && update.update_id >= (first ?? 0));
    if (kept.length === updates.length) return;
    this.state.updates = kept;
    this.changed();
  }

  #take(limit: number): readonly Update[] {
    const again = this.#again.splice(0, limit);
    const fresh = this.state.updates.slice(0, limit - again.length).map(({ update }) => update);
    return [...again, ...fresh];
  }

  #wait({ timeoutMs, signal }: PollQuery): Promise<void> {
    return new Promise((resolve, reject) => {
      const poller = {
        wake: () => finish(resolve),
        refuse: (error: ApiError) => finish(() => reject(error)),
      };
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', poller.wake);
        if (this.#poller === poller) this.#poller = undefined;
        settle();
      };
      const timer = setTimeout(poller.wake, timeoutMs).unref();
      signal.addEventListener('abort', poller.wake);
      this.#poller = poller;
    });
  }

  #remember(update: Update): void {
    this.#past.set(update.update_id, update);
    for (const id of this.#past.keys()) {
      if (this.#past.size <= REMEMBERED) break;
      this.#past.delete(id);
    }
  }
}
