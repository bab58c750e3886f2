import { BridgeError, type Instant } from '@pocketping/core';
import type { Random } from '../../random.js';
import { type Life, never } from '../house/life.js';
import { FAULTS, type Fault, type PlatformPlan } from '../plan.js';
import type { Stage } from '../stage.js';
import { Meter, type Place } from './meter.js';

/** One thing that a call did on the platform. */
export interface Effect {
  readonly life: Life;
  readonly at: Instant;
  /** Why whoever called may not know of it; undefined once they were told. */
  unheard: string | undefined;
  heardAt?: Instant;
}

interface Ask<T> {
  readonly kind: string;
  readonly life: Life;
  readonly place: Place;
  readonly signal: AbortSignal;
  /** Does it; rejects what the platform refuses. */
  readonly run: (effect: Effect) => T;
}

/** What stands between the engine and a platform: the network, the platform's budgets, and its bad days. */
export class Gate {
  /** No faults any more, but what lasts ends in its own time. */
  calm = false;
  downUntil: Instant = 0;
  lockedOutUntil: Instant = 0;
  readonly #plan: PlatformPlan;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #meter: Meter;

  constructor(plan: PlatformPlan, stage: Stage, random: Random) {
    this.#plan = plan;
    this.#stage = stage;
    this.#random = random;
    this.#meter = new Meter(plan.name, plan.pacing, stage);
  }

  async call<T>(ask: Ask<T>): Promise<T> {
    const { kind, life, place } = ask;
    life.step();
    if (!life.alive) return never();
    const excess = this.#meter.count(life, kind, place);
    const fault = excess ? undefined : this.#drawFault();
    if (kind !== 'typing') {
      this.#stage.trace.add(
        () =>
          `${life.name} → ${this.#plan.name} ${kind} ${place.threadId ?? ''} ${fault ?? ''}${excess ? 'excess' : ''}`,
      );
    }
    await this.#pause();
    const refusal = excess ?? this.#refusal(fault);
    if (refusal) return this.#answer(ask, () => Promise.reject(refusal));
    return this.#carriedOut(ask, fault);
  }

  /** Whether `start` works: not while the platform is away or has locked us out. */
  async start(life: Life): Promise<void> {
    await this.#pause();
    const refusal = this.#weather();
    if (!life.alive) return never();
    if (refusal) throw refusal;
  }

  async #carriedOut<T>(ask: Ask<T>, fault: Fault | undefined): Promise<T> {
    const effect: Effect = { life: ask.life, at: this.#stage.clock.now(), unheard: 'under way' };
    if (fault === 'hangs_before') return never();
    if (fault === 'uncertain_before') return this.#answer(ask, () => Promise.reject(uncertain()));
    const slow = fault === 'slow' && this.#stage.clock.sleep(this.#random.between(4000, 20_000));
    // What comes late adds something. Nobody could mend a change that overtakes a later one, or answer for what is yet to come.
    if (slow && ask.kind === 'post' && !this.#plan.can.reconcile) await slow;
    let result: T;
    try {
      result = ask.run(effect);
    } catch (error) {
      return this.#answer(ask, () => Promise.reject(error));
    }
    if (slow) await slow;
    if (fault === 'hangs_after') return never();
    if (fault === 'uncertain_after') {
      effect.unheard = 'uncertain';
      return this.#answer(ask, () => Promise.reject(uncertain()));
    }
    return this.#answer(ask, async () => {
      effect.unheard = undefined;
      effect.heardAt = this.#stage.clock.now();
      return result;
    });
  }

  /** The way back: whoever is dead, or has stopped waiting, hears nothing. */
  async #answer<T>({ life, signal, place }: Ask<T>, tell: () => Promise<T>): Promise<T> {
    await this.#pause();
    life.step();
    if (!life.alive) return never();
    if (signal.aborted) throw uncertain();
    try {
      return await tell();
    } catch (error) {
      if (BridgeError.isInstance(error) && error.code === 'rate_limited') {
        // In a moment: what is called in this very instant may have set out before.
        this.#stage.clock.schedule(0, () => this.#meter.refused(life, place, error));
      }
      throw error;
    }
  }

  #drawFault(): Fault | undefined {
    if (this.calm) return undefined;
    return FAULTS.find((fault) => this.#random.chance(this.#plan.faults[fault]));
  }

  #refusal(fault: Fault | undefined): Error | undefined {
    const weather = this.#weather();
    if (weather) return weather;
    switch (fault) {
      case 'rate_limited':
        return new BridgeError('rate_limited', 'slow down', {
          scope: this.#random.pick(['thread', 'chat', 'bot']),
          retryAfterMs: this.#random.pick([300, 3000, 20_000]),
        });
      case 'unavailable':
        return new BridgeError('unavailable', 'it cannot be reached');
      case 'broken':
        return new TypeError('the bridge is broken');
      default:
        return undefined;
    }
  }

  #weather(): BridgeError | undefined {
    const now = this.#stage.clock.now();
    if (now < this.lockedOutUntil) return new BridgeError('unauthorized', 'it lets us in no longer');
    if (now < this.downUntil) {
      return this.calm || this.#random.chance(0.8)
        ? new BridgeError('unavailable', 'it is down')
        : uncertain();
    }
    return undefined;
  }

  async #pause(): Promise<void> {
    const { delayMs } = this.#plan;
    if (delayMs > 0) await this.#stage.clock.sleep(this.#random.between(1, delayMs));
  }
}

const uncertain = () => new BridgeError('uncertain', 'the connection broke');
