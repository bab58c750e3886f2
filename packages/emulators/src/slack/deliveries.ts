import { type Clock, pause } from '../telegram/clock.js';
import { type Random, shuffled } from '../telegram/random.js';
import { type Callback, callbackFor } from './payload.js';
import type { WorkspaceState } from './state.js';
import type { SlackEvent } from './types.js';

/** How events reach the app. */
export interface Transport {
  send(callback: Callback, attempt: Attempt): Promise<Outcome>;
}

export interface Attempt {
  /** 0 at first. */
  readonly retry: number;
  /** Why the one before failed. */
  readonly reason: string;
}

export type Outcome =
  | { readonly taken: true }
  /** `final`: the app wants no further attempt. */
  | { readonly taken: false; readonly reason: string; readonly final?: true };

export interface Delivering {
  readonly state: WorkspaceState;
  readonly clock: Clock;
  /** Milliseconds before each further attempt; after the last one the event is lost. */
  readonly retriesMs: readonly number[];
  /** A repeated event has another id. */
  readonly freshIds: boolean;
  readonly closing: AbortSignal;
  readonly transport: () => Transport | undefined;
}

/** Events that are remembered. */
const KEPT = 1000;

/** Brings events to the app, each on its own, as the platform does: nothing waits for what is before it. */
export class Deliveries {
  readonly #history: SlackEvent[] = [];
  #underWay = 0;
  readonly #lost: SlackEvent[] = [];
  #copies: { readonly times: number; left: number }[] = [];
  #holding:
    | { readonly count: number; readonly random: Random | undefined; readonly held: SlackEvent[] }
    | undefined;

  constructor(private readonly needs: Delivering) {}

  /** Events that have not been taken and may come again. */
  get pending(): number {
    return this.#underWay + (this.#holding?.held.length ?? 0);
  }

  /** Events that were given up. */
  get lost(): readonly SlackEvent[] {
    return this.#lost;
  }

  history(): readonly SlackEvent[] {
    return this.#history;
  }

  emit(event: SlackEvent): void {
    this.#history.push(event);
    if (this.#history.length > KEPT) this.#history.shift();
    const holding = this.#holding;
    if (holding) {
      holding.held.push(event);
      if (holding.held.length >= holding.count) this.#letGo(holding.random);
    } else this.#begin(event);
  }

  /** Delivers an event once more. */
  replay(event: SlackEvent): void {
    void this.#deliver(event);
  }

  /** Each of the next `count` events comes `times` times. @returns a function that withdraws it */
  repeat(times: number, count: number): () => void {
    const rule = { times, left: count };
    this.#copies.push(rule);
    return () => {
      this.#copies = this.#copies.filter((each) => each !== rule);
    };
  }

  /** Holds the next `count` events and hands them out reversed, or shuffled. @returns a function that lets go in order */
  reorder(count: number, random: Random | undefined): () => void {
    // What an earlier one still holds must not be forgotten.
    if (this.#holding) this.#letGo(null);
    const holding = { count, random, held: [] };
    this.#holding = holding;
    return () => {
      if (this.#holding === holding) this.#letGo(null);
    };
  }

  #letGo(random: Random | undefined | null): void {
    const held = this.#holding?.held ?? [];
    this.#holding = undefined;
    const order = random === null ? held : random ? shuffled(held, random) : [...held].reverse();
    for (const event of order) this.#begin(event);
  }

  #begin(event: SlackEvent): void {
    const [rule] = this.#copies;
    if (rule && --rule.left <= 0) this.#copies.shift();
    for (let copy = 0; copy < (rule?.times ?? 1); copy++) void this.#deliver(event);
  }

  async #deliver(event: SlackEvent): Promise<void> {
    const { state, clock, retriesMs, closing, freshIds } = this.needs;
    const first = callbackFor(state, event, clock.now());
    this.#underWay += 1;
    let reason = '';
    for (let retry = 0; retry <= retriesMs.length; retry++) {
      if (retry > 0) await pause(clock, retriesMs[retry - 1] ?? 0, closing);
      if (closing.aborted) break;
      const id = freshIds && retry > 0 ? undefined : first.event_id;
      const outcome = await this.#attempt(callbackFor(state, event, clock.now(), id), { retry, reason });
      if (outcome.taken) {
        this.#underWay -= 1;
        return;
      }
      ({ reason } = outcome);
      if (outcome.final) break;
    }
    this.#underWay -= 1;
    this.#lost.push(event);
    if (this.#lost.length > KEPT) this.#lost.shift();
  }

  #attempt(callback: Callback, attempt: Attempt): Promise<Outcome> | Outcome {
    const transport = this.needs.transport();
    return transport?.send(callback, attempt) ?? { taken: false, reason: 'connection_failed' };
  }
}
