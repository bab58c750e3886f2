import type { BridgeScope } from '../errors.js';
import type { Budget, Clock, Pacing } from '../ports/index.js';

/** The threads whose budgets are remembered; an idle one loses nothing when it is forgotten. */
const REMEMBERED_THREADS = 5000;

/** Calls of one budget: the instants of the latest ones, reserved ones included. */
interface Window {
  readonly budget: Budget;
  calls: number[];
  pausedUntil: number;
}

/**
 * Keeps a bridge within what its platform tolerates. A call reserves its instant when it asks, so calls go out in
 * the order they were asked for and nobody is overtaken.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #pacing: Pacing;
  readonly #windows = new Map<string, Window>();
  /** The newest instant seen. */
  #seen = 0;
  readonly #unpaced: Budget = { calls: Number.POSITIVE_INFINITY, perMs: 1 };

  constructor(pacing: Pacing, clock: Clock) {
    this.#pacing = pacing;
    this.#clock = clock;
  }

  /** Resolves when the call may be made. @throws the signal's reason when it is aborted first. */
  async turn(at: { chatId?: string; threadId?: string }, signal: AbortSignal): Promise<void> {
    const windows = this.#windowsOf(at);
    for (;;) {
      signal.throwIfAborted();
      const now = this.#now();
      const slot = Math.max(now, ...windows.map((window) => earliest(window, now)));
      for (const window of windows) reserve(window, slot);
      if (slot <= now) return;
      await this.#clock.sleep(slot - now, signal);
      signal.throwIfAborted();
      // A refusal that came while this call waited holds for it too: it lines up again.
      if (windows.every(({ pausedUntil }) => pausedUntil <= this.#clock.now())) return;
    }
  }

  /** Whether a call that nobody would miss fits in: at least half of every budget is free. */
  hasRoom(at: { chatId?: string; threadId?: string }): boolean {
    const now = this.#now();
    return this.#windowsOf(at).every(({ budget, calls, pausedUntil }) => {
      const recent = calls.filter((call) => call > now - budget.perMs).length;
      return pausedUntil <= now && recent < budget.calls / 2;
    });
  }

  /** For how many more milliseconds a thread is refused. */
  pausedFor(at: { chatId?: string; threadId?: string }): number {
    const window = this.#windows.get(keyOf('thread', at));
    return Math.max(0, (window?.pausedUntil ?? 0) - this.#now());
  }

  /** The platform refused: nobody in that scope calls before `ms` milliseconds have passed. */
  pause(scope: BridgeScope, at: { chatId?: string; threadId?: string }, ms: number): void {
    const until = this.#clock.now() + ms;
    const window = this.#window(keyOf(scope, at), this.#pacing[scope] ?? this.#unpaced);
    window.pausedUntil = Math.max(window.pausedUntil, until);
  }

  /** Now; a clock that was set back takes everything that is remembered back with it. */
  #now(): number {
    const now = this.#clock.now();
    const back = this.#seen - now;
    if (back > 0) {
      for (const window of this.#windows.values()) {
        window.calls = window.calls.map((call) => call - back);
        window.pausedUntil -= back;
      }
    }
    this.#seen = now;
    return now;
  }

  #windowsOf(at: { chatId?: string; threadId?: string }): Window[] {
    const scopes: BridgeScope[] = ['bot'];
    if (at.chatId !== undefined) scopes.push('chat');
    if (at.threadId !== undefined) scopes.push('thread');
    return scopes.map((scope) => this.#window(keyOf(scope, at), this.#pacing[scope] ?? this.#unpaced));
  }

  #window(key: string, budget: Budget): Window {
    let window = this.#windows.get(key);
    if (!window) {
      if (this.#windows.size >= REMEMBERED_THREADS) this.#forgetIdle();
      window = { budget, calls: [], pausedUntil: 0 };
      this.#windows.set(key, window);
    }
    return window;
  }

  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [key, { budget, calls, pausedUntil }] of this.#windows) {
      if (pausedUntil <= now && (calls.at(-1) ?? 0) + budget.perMs <= now) this.#windows.delete(key);
    }
  }
}

const keyOf = (scope: BridgeScope, at: { chatId?: string; threadId?: string }): string =>
  scope === 'bot' ? 'bot' : scope === 'chat' ? `chat/${at.chatId}` : `thread/${at.chatId}/${at.threadId}`;

const earliest = ({ budget, calls, pausedUntil }: Window, now: number): number => {
  const oldest = calls[calls.length - budget.calls];
  return Math.max(now, pausedUntil, oldest === undefined ? 0 : oldest + budget.perMs);
};

const reserve = (window: Window, slot: number): void => {
  if (!Number.isFinite(window.budget.calls)) return;
  window.calls.push(slot);
  if (window.calls.length > window.budget.calls) window.calls.shift();
};
