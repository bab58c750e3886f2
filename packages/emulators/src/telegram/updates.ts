import { Disorder, type HandOut, type Happening } from './disorder.js';
import type { Random } from './random.js';
import type { EmulatorState, PendingUpdate } from './state.js';
import type { Update, UpdatePayloads, UpdateType } from './types.js';

/** Incoming updates are not kept longer than 24 hours. @see https://core.telegram.org/bots/api#getting-updates */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** How many updates can still be replayed. */
const REMEMBERED = 1000;

/** What waits for the bot, whichever way it is delivered; also again, and in disorder, on demand. */
export class UpdateQueue {
  readonly #past = new Map<number, Update>();
  readonly #again: PendingUpdate[] = [];
  readonly #disorder = new Disorder();
  readonly #repeating: { readonly times: number; left: number }[] = [];
  readonly #listeners = new Set<() => void>();
  #happened = 0;

  constructor(
    private readonly state: EmulatorState,
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {}

  get pending(): number {
    return this.state.updates.length + this.#again.length;
  }

  /** Calls back whenever there is something new to deliver. */
  onArrival(listener: () => void): void {
    this.#listeners.add(listener);
  }

  push<T extends UpdateType>(type: T, payload: UpdatePayloads[T]): void {
    const { allowedUpdates } = this.state;
    if (allowedUpdates.length > 0 && !allowedUpdates.includes(type)) return;
    const happening: Happening = { number: this.#happened++, at: this.now(), type, payload };
    this.#enqueue(this.#disorder.pass(happening));
  }

  /**
   * Delivers an update once more, even if it was confirmed.
   * @throws RangeError if this process never sent that update
   */
  replay(updateId: number): void {
    const update =
      this.#past.get(updateId) ?? this.state.updates.find((one) => one.update.update_id === updateId)?.update;
    if (!update) throw new RangeError(`there was no update ${updateId}`);
    this.#again.push({ at: this.now(), update });
    this.#arrived();
  }

  /** The next `count` updates are delivered `times` times. @returns a function that withdraws what is left */
  repeat(times: number, count: number): () => void {
    const rule = { times, left: count };
    this.#repeating.push(rule);
    return () => {
      rule.left = 0;
    };
  }

  /**
   * The next `count` updates are held until they are all there, then come shuffled, or reversed without `random`.
   * @returns a function that lets go what is held, in order
   */
  reorder(count: number, random: Random | undefined): () => void {
    const rule = this.#disorder.reorder(count, random);
    return () => this.#enqueue(this.#disorder.withdraw(rule));
  }

  /** The next message is held until it is edited, and comes after its edit. @returns as for `reorder` */
  editFirst(): () => void {
    const rule = this.#disorder.editFirst();
    return () => this.#enqueue(this.#disorder.withdraw(rule));
  }

  /** The updates that were put in the queue since the start, oldest first (the newest 1,000). */
  history(): readonly Update[] {
    return [...this.#past.values()];
  }

  /** Forgets everything that waits. */
  drop(): void {
    this.state.updates = [];
    this.#again.length = 0;
    this.#disorder.clear();
    this.changed();
  }

  /** Everything that waits, in the order in which it is to be delivered. */
  waiting(): readonly PendingUpdate[] {
    this.#forget((one) => one.at < this.now() - KEPT_MS);
    return [...this.#again, ...this.state.updates];
  }

  /** The bot has taken this one. */
  confirm(taken: PendingUpdate): void {
    const at = this.#again.indexOf(taken);
    if (at >= 0) this.#again.splice(at, 1);
    this.#forget((one) => one === taken);
    this.#comesAgain(taken);
  }

  /** Forgets the updates below an offset; a negative one counts from the end. */
  confirmBelow(offset: number): void {
    const { updates } = this.state;
    const first =
      offset < 0 ? (updates.at(offset)?.update.update_id ?? updates[0]?.update.update_id) : offset;
    const gone = this.#forget(({ update }) => update.update_id < (first ?? 0));
    for (const one of gone) this.#comesAgain(one);
  }

  /** What one answer to a poll holds: what comes again is in it once, and then gone. */
  take(limit: number): readonly Update[] {
    const fresh = this.waiting().filter((one) => !this.#again.includes(one));
    const again = new Map<number, PendingUpdate>();
    for (const one of this.#again) if (!again.has(one.update.update_id)) again.set(one.update.update_id, one);
    const repeated = [...again.values()].slice(0, limit);
    for (const one of repeated) this.confirm(one);
    return [...repeated, ...fresh.slice(0, limit - repeated.length)].map(({ update }) => update);
  }

  /**
   * A webhook gets what is out of order under its own, true numbers. A poll cannot: its offset confirms everything
   * below, so there the numbers follow the order of delivery.
   * @see https://core.telegram.org/bots/api#update
   */
  #enqueue(order: HandOut): void {
    if (order.length === 0) return;
    const numbered = this.state.webhook
      ? [...order].sort((left, right) => left.number - right.number)
      : order;
    const numbers = new Map(numbered.map((one) => [one, this.state.nextUpdateId++]));
    for (const happening of order) {
      const update = { update_id: numbers.get(happening)!, [happening.type]: happening.payload } as Update;
      const repeats = this.#repeats();
      this.state.updates.push({ at: happening.at, update, ...(repeats > 0 ? { repeats } : {}) });
      this.#remember(update);
    }
    this.changed();
    this.#arrived();
  }

  #repeats(): number {
    const rule = this.#repeating.find((one) => one.left > 0);
    if (!rule) return 0;
    rule.left -= 1;
    return rule.times - 1;
  }

  #comesAgain({ at, update, repeats = 0 }: PendingUpdate): void {
    if (repeats <= 0) return;
    this.#again.push({ at, update, repeats: repeats - 1 });
    this.#arrived();
  }

  /** @returns what was forgotten */
  #forget(which: (one: PendingUpdate) => boolean): PendingUpdate[] {
    const gone = this.state.updates.filter(which);
    if (gone.length === 0) return gone;
    this.state.updates = this.state.updates.filter((one) => !gone.includes(one));
    this.changed();
    return gone;
  }

  #arrived(): void {
    for (const listener of this.#listeners) listener();
  }

  #remember(update: Update): void {
    this.#past.set(update.update_id, update);
    for (const id of this.#past.keys()) {
      if (this.#past.size <= REMEMBERED) break;
      this.#past.delete(id);
    }
  }
}
