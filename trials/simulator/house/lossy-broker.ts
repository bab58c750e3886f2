import type { Broker, Clock, Json } from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Plan } from '../plan.js';
import type { Life } from './life.js';

interface Subscriber {
  readonly life: Life;
  readonly channel: string;
  readonly receive: (payload: Json) => void;
}

/** Carries news between the nodes, and loses, repeats and delays some of it. */
export class LossyBroker {
  readonly #subscribers = new Set<Subscriber>();
  readonly #clock: Clock;
  readonly #random: Random;
  #faults: Plan['broker'];

  constructor(clock: Clock, random: Random, faults: Plan['broker']) {
    this.#clock = clock;
    this.#random = random;
    this.#faults = faults;
  }

  /** From now on everything arrives. */
  heal(): void {
    this.#faults = { ...this.#faults, loses: 0, repeats: 0 };
  }

  /** How many channels a node listens to. */
  channelsOf(life: Life): number {
    return [...this.#subscribers].filter((subscriber) => subscriber.life === life).length;
  }

  connection(life: Life): Broker {
    return {
      publish: (channel, payload) => {
        if (life.alive) this.#publish(channel, payload);
      },
      subscribe: async (channel, receive) => {
        const subscriber: Subscriber = { life, channel, receive };
        this.#subscribers.add(subscriber);
        return () => {
          this.#subscribers.delete(subscriber);
        };
      },
      close: async () => {
        for (const subscriber of this.#subscribers) {
          if (subscriber.life === life) this.#subscribers.delete(subscriber);
        }
      },
    };
  }

  #publish(channel: string, payload: Json): void {
    const { loses, repeats, delayMs } = this.#faults;
    for (const subscriber of this.#subscribers) {
      if (subscriber.channel !== channel || this.#random.chance(loses)) continue;
      const times = this.#random.chance(repeats) ? 2 : 1;
      for (let time = 0; time < times; time++) {
        // All the same delay, so that what one node publishes stays in order.
        this.#clock.schedule(delayMs, () => this.#hand(subscriber, payload));
      }
    }
  }

  #hand(subscriber: Subscriber, payload: Json): void {
    if (subscriber.life.alive && this.#subscribers.has(subscriber)) subscriber.receive(payload);
  }
}
