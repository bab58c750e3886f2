import { type Client, createClient } from './client/client.js';
import { browserEnvironment } from './client/environment.js';
import { listen } from './listen.js';
import type { Identity, IncomingMessage, Options } from './options.js';
import { mount } from './ui/mount.js';

interface Running {
  client: Client;
  unmount(): void;
}

let running: Running | undefined;

const client = (): Client => {
  if (!running) throw new Error('PocketPing.init() comes first');
  return running.client;
};

/** The chat widget of this page; there is one. */
export interface PocketPing {
  /**
   * Puts the launcher into the page. Nothing is asked of the server before the visitor opens the window, unless there
   * is a conversation already. Called again, it replaces the widget with one that has the new options.
   */
  init(options: Options): PocketPing;
  /** Opens the window. */
  open(): void;
  /** Closes the window; the conversation goes on. */
  close(): void;
  toggle(): void;
  /**
   * Sends in the visitor's name, and connects if it has to. Resolves with the message's id once the server has it;
   * without a network that can take long, and survives a reload. Rejects with a `PocketPingError` when it never will.
   */
  sendMessage(content: string, options?: { replyTo?: string }): Promise<string>;
  /** Changes a message of the visitor's. Rejects with a `PocketPingError`. */
  editMessage(messageId: string, content: string): Promise<void>;
  /** Deletes a message of the visitor's. Rejects with a `PocketPingError`. */
  deleteMessage(messageId: string): Promise<void>;
  /**
   * Says who the visitor is; kept until the page is left. If the server knows this browser as another verified person,
   * the widget starts anew: nobody reads the previous person's conversation.
   */
  identify(identity: Identity): Promise<void>;
  /** Forgets the visitor and everything unsent, as at a logout on a shared computer, and starts anew. */
  reset(): void;
  /** Takes the widget out of the page and ends its connection. The next `init` resumes the conversation. */
  destroy(): void;
}

export const PocketPing: PocketPing = {
  init(options) {
    PocketPing.destroy();
    const { onMessage } = options;
    const made = createClient(
      {
        endpoint: new URL(options.endpoint, location.href).href.replace(/\/+$/, ''),
        identity: options.identity as ClientIdentity,
        welcomeMessage: options.welcomeMessage,
        onMessage: onMessage && ((message) => onMessage(message as IncomingMessage)),
      },
      browserEnvironment(),
    );
    running = { client: made, unmount: whenBody(() => mount(made, options)) };
    return PocketPing;
  },
  open() {
    client().open();
  },
  close() {
    client().close();
  },
  toggle() {
    if (client().state().open) client().close();
    else client().open();
  },
  sendMessage(content, options) {
    return client().sendMessage(content, options?.replyTo);
  },
  async editMessage(messageId, content) {
    return client().editMessage(messageId, content);
  },
  async deleteMessage(messageId) {
    return client().deleteMessage(messageId);
  },
  async identify(identity) {
    return client().identify(identity as NonNullable<ClientIdentity>);
  },
  reset() {
    client().reset();
  },
  destroy() {
    running?.unmount();
    running?.client.destroy();
    running = undefined;
  },
};

type ClientIdentity = Parameters<typeof createClient>[0]['identity'];

/** A script in the head runs before there is a body. */
function whenBody(task: () => () => void): () => void {
  if (document.body) return task();
  const ignore = listen(document, ['DOMContentLoaded'], () => {
    undo = task();
  });
  let undo = () => {};
  return () => {
    ignore();
    undo();
  };
}
