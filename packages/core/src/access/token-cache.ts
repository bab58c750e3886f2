import type { VisitorActor } from '../conversation/conversation.js';

const CAPACITY = 10_000;

/** Tokens whose check succeeded lately, least recently used first. A revoked one still fails at its next commit. */
export class TokenCache {
  readonly #actors = new Map<string, VisitorActor>();

  get(token: string): VisitorActor | undefined {
    const actor = this.#actors.get(token);
    if (actor && this.#actors.size === CAPACITY) {
      this.#actors.delete(token);
      this.#actors.set(token, actor);
    }
    return actor;
  }

  add(token: string, actor: VisitorActor): void {
    if (this.#actors.size >= CAPACITY) {
      const oldest = this.#actors.keys().next();
      if (!oldest.done) this.#actors.delete(oldest.value);
    }
    this.#actors.set(token, actor);
  }

  /** Forgets a token that turned out to be revoked. */
  dropHash(tokenHash: string): void {
    for (const [token, actor] of this.#actors) {
      if (actor.tokenHash === tokenHash) this.#actors.delete(token);
    }
  }
}
