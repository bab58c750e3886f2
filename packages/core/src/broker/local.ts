import { neverThrowing } from '../logger.js';
import type { Json } from '../model/index.js';
import type { Broker } from '../ports/broker.js';
import type { Logger } from '../ports/logger.js';

interface Subscriber {
  readonly receive: (payload: Json) => void;
  /** How much had been published when it subscribed; it hears what came later. */
  readonly since: number;
}

interface Publication {
  readonly channel: string;
  readonly payload: Json;
  readonly number: number;
}

/**
 * A broker between engines of one process. Payloads arrive in order of publication, after the
 * publisher's current turn and before the next timer or request; they are handed on as they are, not copied.
 */
export class LocalBroker implements Broker {
  readonly #logger: Logger;
  readonly #channels = new Map<string, Set<Subscriber>>();
  #waiting: Publication[] = [];
  #published = 0;
  #closed = false;

  /** @param options.logger hears of subscribers that throw */
  constructor(options: { logger: Logger }) {
    this.#logger = neverThrowing(options.logger);
  }

  publish(channel: string, payload: Json): void {
    if (this.#closed || !this.#channels.has(channel)) return;
    if (this.#waiting.length === 0) queueMicrotask(() => this.#deliver());
    this.#waiting.push({ channel, payload, number: ++this.#published });
  }

  async subscribe(channel: string, receive: (payload: Json) => void): Promise<() => void> {
    if (this.#closed) return () => {};
    const subscriber: Subscriber = { receive, since: this.#published };
    const subscribers = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.#channels.get(channel) === subscribers) {
        this.#channels.delete(channel);
      }
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const subscribers of this.#channels.values()) subscribers.clear();
    this.#channels.clear();
    this.#waiting = [];
  }

  #deliver(): void {
    const publications = this.#waiting;
    this.#waiting = [];
    for (const publication of publications) {
      for (const subscriber of this.#channels.get(publication.channel) ?? []) {
        if (subscriber.since < publication.number) this.#hand(subscriber, publication);
      }
    }
  }

  #hand({ receive }: Subscriber, { channel, payload }: Publication): void {
    try {
      receive(payload);
    } catch (err) {
      this.#logger.error({ err, channel }, 'A subscriber of the broker threw; the others were told');
    }
  }
}
