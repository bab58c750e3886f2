import type { Identity, Options } from './options.js';

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
