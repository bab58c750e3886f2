import { type PocketPing, PocketPingError } from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Life } from '../house/life.js';
import type { Plan } from '../plan.js';
import type { Stage } from '../stage.js';

/** A node that answers requests. */
export interface Door {
  readonly life: Life;
  readonly pp: PocketPing;
}

/** `lost`: nobody knows whether it was carried out. */
export type Reply<T> =
  | { readonly is: 'done'; readonly value: T }
  | { readonly is: 'refused'; readonly error: PocketPingError }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'lost' };

/** What a request came to when it was made until somebody said yes or no. */
export type Outcome<T> =
  | { readonly is: 'done'; readonly value: T; readonly door: Door }
  /** `lost`: an earlier attempt may have been carried out. */
  | { readonly is: 'refused'; readonly error: PocketPingError; readonly lost: boolean };

const PATIENCE_MS = 20_000;

/** Makes requests over a network that loses some of the answers. */
export class Asking {
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #doors: () => readonly Door[];
  #network: Plan['network'];
  /** Requests without an outcome. */
  underWay = 0;

  constructor(stage: Stage, random: Random, doors: () => readonly Door[], network: Plan['network']) {
    this.#stage = stage;
    this.#random = random;
    this.#doors = doors;
    this.#network = network;
  }

  /** From now on every answer arrives. */
  heal(): void {
    this.#network = { loses: 0, doubles: 0 };
  }

  /** A node that is there; waits for one. */
  async door(): Promise<Door> {
    for (;;) {
      const doors = this.#doors();
      if (doors.length > 0) return this.#random.pick(doors);
      await this.#stage.clock.sleep(500);
    }
  }

  /** One attempt. */
  async once<T>(door: Door, run: (pp: PocketPing) => Promise<T> | T): Promise<Reply<T>> {
    const { clock } = this.#stage;
    const reply = await new Promise<Reply<T>>((resolve) => {
      const end = (reply: Reply<T>) => {
        cancel();
        forget();
        resolve(reply);
      };
      const cancel = clock.schedule(PATIENCE_MS, () => end({ is: 'lost' }));
      const forget = door.life.onEnd(() => end({ is: 'lost' }));
      (async () => run(door.pp))().then(
        (value) => end({ is: 'done', value }),
        (error: unknown) =>
          end(
            PocketPingError.isInstance(error) && !error.retryable
              ? { is: 'refused', error }
              : { is: 'failed', error },
          ),
      );
    });
    return this.#random.chance(this.#network.loses) ? { is: 'lost' } : reply;
  }

  /** Attempts until somebody says yes or no, now and then two at a time. */
  async until<T>(run: (pp: PocketPing) => Promise<T> | T): Promise<Outcome<T>> {
    this.underWay++;
    let lost = false;
    for (;;) {
      const door = await this.door();
      const doubled = this.#random.chance(this.#network.doubles);
      const [reply, other] = await Promise.all([
        this.once(door, run),
        doubled ? this.once(await this.door(), run) : undefined,
      ]);
      const told = reply.is === 'done' || other?.is !== 'done' ? reply : other;
      if (told.is === 'done' || told.is === 'refused') {
        this.underWay--;
        if (told.is === 'done') return { ...told, door };
        return { ...told, lost: lost || (other !== undefined && other.is !== 'refused') };
      }
      lost = true;
      if (told.is === 'failed') this.#stage.trace.add(() => `a request failed: ${String(told.error)}`);
      await this.#stage.clock.sleep(this.#random.between(300, 3000));
    }
  }
}
