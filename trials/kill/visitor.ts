import { type Client, createClient } from '../../packages/widget/src/client/client.js';
import { Browser, type Tab } from '../visitor/environment.js';
import { fastClock } from '../visitor/fast-clock.js';
import { loadWhole } from '../visitor/whole-conversation.js';

/** The widget waits up to 30 s for a server to come back; here that is 1.5 s. */
const HURRY = 20;

/** Somebody with the real widget's client, who notes what the server acknowledged. */
export class Visitor {
  /** By the name that the widget gave the message: the id that the server did, as often as it did. */
  readonly acknowledged: { readonly clientMessageId: string; readonly messageId: string }[] = [];
  readonly client: Client;
  readonly #endpoint: string;
  readonly #browser = new Browser();

  constructor(endpoint: string, seed: number) {
    this.#endpoint = endpoint;
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
      clock: fastClock(HURRY),
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
