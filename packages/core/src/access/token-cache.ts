import type { VisitorActor } from '../conversation/conversation.js';

/** Tokens remembered in a generation: at most twice as many are in memory. */
const GENERATION = 5000;

/**
 * Tokens whose check succeeded lately. What was not asked for during a generation is forgotten; a revoked one still fails
 * at its next commit.
 */
export class TokenCache {
  #young = new Map<string, VisitorActor>();
  #old = new Map<string, VisitorActor>();

  get(token: string): VisitorActor | undefined {
    const young = this.#young.get(token);
    if (young) return young;
    const old = this.#old.get(token);
    if (old) this.add(token, old);
    return old;
  }

  add(token: string, actor: VisitorActor): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, actor);
  }

  /** Forgets a token that turned out to be revoked. */
  dropHash(tokenHash: string): void {
    for (const generation of [this.#young, this.#old]) {
      for (const [token, actor] of generation) if (actor.tokenHash === tokenHash) generation.delete(token);
    }
  }
}
