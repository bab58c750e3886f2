import type { Json } from '../model/index.js';
import type { Broker } from '../ports/index.js';

/** What nodes tell each other when there is work. */
interface Wake {
  readonly node: string;
  readonly queues: readonly string[];
}

const CHANNEL = 'wake';

/** Tells those who work on queues that there is something to do, here at once and on other nodes through the broker. */
export class Alarm {
  readonly #node: string;
  readonly #broker: Broker;
  readonly #wakeHere: (queues: readonly string[]) => void;
  #unsubscribe: (() => void) | undefined;

  constructor(node: string, broker: Broker, wakeHere: (queues: readonly string[]) => void) {
    this.#node = node;
    this.#broker = broker;
    this.#wakeHere = wakeHere;
  }

  /** Listens to the others. Tried again, it lets go of an earlier attempt. */
  async start(): Promise<void> {
    this.stop();
    this.#unsubscribe = await this.#broker.subscribe(CHANNEL, (payload) => {
      const { node, queues } = payload as unknown as Wake;
      if (node !== this.#node) this.#wakeHere(queues);
    });
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  wake(queues: readonly string[]): void {
    this.#wakeHere(queues);
    this.#broker.publish(CHANNEL, { node: this.#node, queues } satisfies Wake as unknown as Json);
  }
}
