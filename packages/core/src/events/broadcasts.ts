import type { Signal } from '../conversation/conversation.js';
import type { Hub } from '../log/hub.js';
import type { Json } from '../model/index.js';
import type { Broker, Clock } from '../ports/index.js';
import { checkedEvent } from './checked.js';

const CHANNEL = 'broadcast';

type Broadcast = Extract<Signal, { type: 'event' }>;

/** What nodes tell each other. */
interface Told {
  readonly node: string;
  readonly event: Broadcast;
}

/** Events for everybody who is connected, to whichever node. Kept nowhere. */
export class Broadcasts {
  readonly #node: string;
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #clock: Clock;
  #unsubscribe: (() => void) | undefined;

  constructor(node: string, ports: { broker: Broker; hub: Hub; clock: Clock }) {
    this.#node = node;
    this.#broker = ports.broker;
    this.#hub = ports.hub;
    this.#clock = ports.clock;
  }

  async start(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = await this.#broker.subscribe(CHANNEL, (payload) => {
      const { node, event } = payload as unknown as Told;
      if (node !== this.#node) this.#hub.signalHere(event);
    });
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** @throws PocketPingError `validation_failed` */
  send(name: unknown, data: unknown): void {
    const event: Broadcast = {
      type: 'event',
      ...checkedEvent('broadcastEvent', name, data),
      at: this.#clock.now(),
    };
    this.#hub.signalHere(event);
    this.#broker.publish(CHANNEL, { node: this.#node, event } satisfies Told as unknown as Json);
  }
}
