import { BridgeError, type BridgeScope, type Budget, type Instant, type Pacing } from '@pocketping/core';
import type { Life } from '../house/life.js';
import type { Stage } from '../stage.js';

/** Whom a call is counted for. */
export interface Place {
  readonly chatId?: string;
  readonly threadId?: string;
}

interface Window {
  readonly calls: Instant[];
  waitUntil: Instant;
}

/**
 * Counts the calls of each node against the platform's budgets, and those of all nodes together. A node that exceeds a
 * budget by itself, or calls while it was told to wait, does what the engine promises not to do.
 */
export class Meter {
  readonly #platform: string;
  readonly #pacing: Pacing;
  readonly #stage: Stage;
  readonly #windows = new Map<string, Window>();

  constructor(platform: string, pacing: Pacing, stage: Stage) {
    this.#platform = platform;
    this.#pacing = pacing;
    this.#stage = stage;
  }

  /** @returns a refusal where the platform has had more than it takes. */
  count(life: Life, kind: string, place: Place): BridgeError | undefined {
    const now = this.#stage.clock.now();
    let refusal: BridgeError | undefined;
    for (const [scope, key] of scopesOf(place)) {
      const budget = this.#pacing[scope];
      const own = this.#window(`${life.name} ${key}`);
      if (!life.clockWasSet && now < own.waitUntil) {
        this.#stage.fail(
          `${life.name} called ${this.#platform} (${kind}, ${key}) ${own.waitUntil - now} ms before it might`,
        );
      }
      if (!budget) continue;
      if (counted(own, budget, now) > 0 && !life.clockWasSet) {
        this.#stage.fail(
          `${life.name} made more than ${budget.calls} calls to ${this.#platform} in ${budget.perMs} ms (${kind}, ${key})`,
        );
      }
      const all = this.#window(key);
      const waitMs = counted(all, budget, now);
      if (waitMs > 0) {
        refusal ??= new BridgeError('rate_limited', `more than ${budget.calls} calls`, {
          scope,
          retryAfterMs: waitMs,
        });
      }
    }
    return refusal;
  }

  /** A node has heard that it has to wait. */
  refused(life: Life, place: Place, error: BridgeError): void {
    const scope = error.scope === 'chat' && place.chatId === undefined ? 'bot' : (error.scope ?? 'chat');
    const key = scopesOf(place).find(([known]) => known === scope)?.[1];
    if (key === undefined) return;
    const window = this.#window(`${life.name} ${key}`);
    window.waitUntil = Math.max(window.waitUntil, this.#stage.clock.now() + (error.retryAfterMs ?? 0));
  }

  #window(key: string): Window {
    let window = this.#windows.get(key);
    if (!window) {
      window = { calls: [], waitUntil: 0 };
      this.#windows.set(key, window);
    }
    return window;
  }
}

/** Counts one more call. @returns 0, or in how many milliseconds there would have been room for it. */
const counted = ({ calls }: Window, { calls: most, perMs }: Budget, now: Instant): number => {
  while ((calls[0] ?? now) <= now - perMs) calls.shift();
  calls.push(now);
  const inTheWay = calls[calls.length - 1 - most];
  return inTheWay === undefined ? 0 : Math.max(1, inTheWay + perMs - now);
};

const scopesOf = ({ chatId, threadId }: Place): (readonly [BridgeScope, string])[] => {
  const scopes: (readonly [BridgeScope, string])[] = [['bot', 'bot']];
  if (chatId !== undefined) scopes.push(['chat', `chat ${chatId}`]);
  if (chatId !== undefined && threadId !== undefined) scopes.push(['thread', `thread ${threadId}`]);
  return scopes;
};
