import type { StoredMessage, StoredTopic } from './state.js';
import type { User } from './types.js';

/** What just happened in a chat, or that the bot called the API. */
export type Change =
  | { readonly type: 'message'; readonly chatId: number; readonly message: StoredMessage }
  | { readonly type: 'topic'; readonly chatId: number; readonly topic: StoredTopic }
  | {
      readonly type: 'action';
      readonly chatId: number;
      readonly topicId: number;
      readonly user: User;
      readonly action: string;
    }
  | { readonly type: 'read'; readonly chatId: number; readonly topicId: number; readonly userId: number }
  /** A chat came, or became another kind of chat. */
  | { readonly type: 'chat'; readonly chatId: number }
  | { readonly type: 'call' }
  | { readonly type: 'commands' };

/** Tells everyone who listens, in the order in which they began. */
export class Changes<C = Change> {
  readonly #listeners = new Set<(change: C) => void>();

  /** @returns a function that stops listening */
  listen(listener: (change: C) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: C): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
