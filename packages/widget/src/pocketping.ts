import type { EventHandler, Identity, Options } from './options.js';

/** The chat widget of this page; there is one. */
export interface PocketPing {
  /**
   * Puts the launcher into the page. Nothing is asked of the server before the visitor opens the window, unless there
   * is a conversation already. Called again, it replaces the widget with one that has the new options.
   */
  init(options: Options): PocketPing;
  /** Opens the window. `message` is shown in it as if the team had said it; it stays on this page. */
  open(options?: { message?: string }): void;
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
   * Tells the site's backend that something happened, and connects if it has to. It never throws: what cannot be sent is
   * named in the console. Before `init` it waits. At most 20 at once, and then one a second; beyond that they are dropped.
   *
   * @param name 1 to 64 characters
   * @param data a JSON object of at most 4,096 bytes
   */
  trigger(name: string, data?: Record<string, unknown>): void;
  /**
   * Calls `handler` with each event of that name from the site's backend, `*` for any, from now on and whatever `init` and
   * `destroy` do. Once per page for each event, however often the connection is lost.
   */
  onEvent(name: string, handler: EventHandler): void;
  /** Takes a handler back. */
  offEvent(name: string, handler: EventHandler): void;
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

/**
 * The chat as its launcher knows it. What was asked of the launcher is kept in the storage already, under an id: the chat
 * goes on with it, and one that does not know of ids gets along as well.
 */
export interface Chat extends Omit<PocketPing, 'init' | 'onEvent' | 'offEvent'> {
  init(options: Options): unknown;
  sendMessage(content: string, options?: { replyTo?: string; clientMessageId?: string }): Promise<string>;
  trigger(name: string, data?: Record<string, unknown>, id?: string): void;
}
