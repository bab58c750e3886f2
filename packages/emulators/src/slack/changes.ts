import type { StoredMessage } from './types.js';

/** What just happened in the workspace, or that the app called the API. */
export type Change =
  | { readonly type: 'message'; readonly channelId: string; readonly message: StoredMessage }
  | { readonly type: 'channel'; readonly channelId: string }
  | { readonly type: 'read'; readonly channelId: string; readonly threadTs: string; readonly userId: string }
  | { readonly type: 'call' };

/** Tells everyone who listens, in the order in which they began. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  /** @returns a function that stops listening */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
