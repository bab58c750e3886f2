import { type Client, createClient } from '../../packages/widget/src/client/client.js';
import { Browser, type Carrier, type Tab } from '../visitor/environment.js';
import { fastClock } from '../visitor/fast-clock.js';
import { loadWhole } from '../visitor/whole-conversation.js';

/** The widget waits up to 30 s for a server to come back; here that is 1.5 s, unless told. */
const HURRY = 20;

interface VisitorOptions {
  /** How many times faster the widget's time goes. */
  readonly hurry?: number;
  readonly carrier?: Carrier;
}

/** Somebody with the real widget's client, who notes what the server acknowledged. */
export class Visitor {
  /** By the name that the widget gave the message: the id that the server did, as often as it did. */
  readonly acknowledged: { readonly clientMessageId: string; readonly messageId: string }[] = [];
  readonly client: Client;
  readonly #endpoint: string;
  readonly #hurry: number;
  readonly #carrier: Carrier;
  readonly #browser = new Browser();

  constructor(endpoint: string, seed: number, { hurry = HURRY, carrier = 'WebSocket' }: VisitorOptions = {}) {
    this.#endpoint = endpoint;
    this.#hurry = hurry;
    this.#carrier = carrier;
    this.client = createClient({ endpoint }, this.#tab(seed).environment);
    this.client.open();
  }

  /** What the conversation looks like to this visitor on a page that is opened now. */
  async fresh(): Promise<ReturnType<Client['state']>> {
    const client = createClient({ endpoint: this.#endpoint }, this.#tab(0).environment);
    await loadWhole(client);
    client.destroy();
    return client.state();
  }

  #tab(seed: number): Tab {
    return this.#browser.tab({
      clock: fastClock(this.#hurry),
      carrier: this.#carrier,
      seed,
      onAnswer: (url, init, response) => {
        if (!url.endsWith('/message') || !response.ok) return;
        const { clientMessageId } = JSON.parse(String(init.body)) as { clientMessageId: string };
        void response
          .clone()
          .json()
          .then(({ messageId }: { messageId: string }) =>
            this.acknowledged.push({ clientMessageId, messageId }),
          )
          // Killed between the head of an answer and its body: nothing was acknowledged.
          .catch(() => {});
      },
    });
  }
}
