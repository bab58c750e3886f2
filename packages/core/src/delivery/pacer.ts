import type { BridgeScope } from '../errors.js';
import type { Budget, Clock, Pacing } from '../ports/index.js';

/** The threads whose budgets are remembered; an idle one loses nothing when it is forgotten. */
const REMEMBERED_THREADS = 5000;

/** How much longer than the platform's our windows are: calls take a while to arrive, and not always the same. */
const MARGIN = 1.02;
/** Of its budget, what a scope that was refused gets back with every window that passes without another refusal. */
const RECOVERY = 0.1;

/** Where a call goes. */
export interface Place {
  readonly chatId?: string;
  readonly threadId?: string;
}

/** Calls of one budget: the instants of the latest ones, reserved ones included. */
interface Window {
  readonly budget: Budget;
  /** How long a call counts. */
  readonly spanMs: number;
  calls: number[];
  /** The instants of the latest calls as they were made, which may be later than they were reserved for. */
  made: number[];
  pausedUntil: number;
  /** What the latest refusal left of the budget. */
  allowed: number;
}

/**
 * Keeps a bridge within what its platform tolerates, and within less for a while after the platform refused all the same:
 * half of what it was, and then a tenth more with every window. A call reserves its instant when it asks, so calls go
 * out in the order they were asked for and nobody is overtaken.
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

  /**
   * Resolves when the call may be made. @returns whether it had to wait.
   * @throws the signal's reason when it is aborted first
   */
  async turn(at: Place, signal: AbortSignal): Promise<boolean> {
    const windows = this.#windowsOf(at);
    for (let waited = false; ; waited = true) {
      signal.throwIfAborted();
      const now = this.#now();
      // Whoever is refused reserves nothing yet: others would be kept waiting behind it.
      const paused = Math.max(0, ...windows.map(({ pausedUntil }) => pausedUntil - now));
      if (paused > 0) {
        await this.#clock.sleep(paused, signal);
        continue;
      }
      const slot = Math.max(now, ...windows.map((window) => earliest(window, now)));
      for (const { calls, budget } of windows) keep(calls, slot, budget);
      if (slot <= now) return waited;
      await this.#clock.sleep(slot - now, signal);
      // A refusal that came while this call waited holds for it too: it lines up again.
      const refused = windows.some(({ pausedUntil }) => pausedUntil > this.#clock.now());
      if (!refused && !signal.aborted) return true;
      for (const { calls } of windows) giveBack(calls, slot);
    }
  }

  /**
   * To be awaited right before a call whose turn came a while ago: what was read in between took time, in which others may
   * have called and the platform may have refused. @throws the signal's reason when it is aborted first
   */
  async begin(at: Place, signal: AbortSignal): Promise<void> {
    const windows = this.#windowsOf(at);
    for (;;) {
      signal.throwIfAborted();
      const now = this.#now();
      const free = Math.max(now, ...windows.map(freeAt));
      if (free <= now) break;
      await this.#clock.sleep(free - now, signal);
    }
    const now = this.#now();
    for (const { made, budget } of windows) keep(made, now, budget);
  }

  /** How much of the scarcest budget is used or reserved: from 0 to 1, and 1 while the platform refuses. */
  use(at: Place): number {
    const now = this.#now();
    let most = 0;
    for (const window of this.#windowsOf(at)) {
      if (window.pausedUntil > now) return 1;
      const recent = window.calls.filter((call) => call > now - window.spanMs).length;
      most = Math.max(most, recent / allowedAt(window, now));
    }
    return Math.min(most, 1);
  }

  /** For how many more milliseconds a thread is refused. */
  pausedFor(at: Place): number {
    const window = this.#windows.get(keyOf('thread', at));
    return Math.max(0, (window?.pausedUntil ?? 0) - this.#now());
  }

  /** The platform refused: nobody in that scope calls before `ms` milliseconds have passed. */
  pause(scope: BridgeScope, at: Place, ms: number): void {
    const now = this.#now();
    const until = now + ms;
    const window = this.#window(keyOf(scope, at), this.#pacing[scope] ?? this.#unpaced);
    // Calls that were under way together are refused together: that is one refusal.
    if (window.pausedUntil <= now) window.allowed = Math.max(1, Math.floor(allowedAt(window, now) / 2));
    window.pausedUntil = Math.max(window.pausedUntil, until);
  }

  /** Now; a clock that was set back takes everything that is remembered back with it. */
  #now(): number {
    const now = this.#clock.now();
    const back = this.#seen - now;
    if (back > 0) {
      for (const window of this.#windows.values()) {
        window.calls = window.calls.map((call) => call - back);
        window.made = window.made.map((call) => call - back);
        window.pausedUntil -= back;
      }
    }
    this.#seen = now;
    return now;
  }

  #windowsOf(at: Place): Window[] {
    const scopes: BridgeScope[] = at.threadId === undefined ? ['bot', 'chat'] : ['bot', 'chat', 'thread'];
    return scopes.map((scope) => this.#window(keyOf(scope, at), this.#pacing[scope] ?? this.#unpaced));
  }

  #window(key: string, budget: Budget): Window {
    let window = this.#windows.get(key);
    if (!window) {
      if (this.#windows.size >= REMEMBERED_THREADS) this.#forgetIdle();
      window = {
        budget,
        spanMs: budget.perMs * MARGIN,
        calls: [],
        made: [],
        pausedUntil: 0,
        allowed: budget.calls,
      };
      this.#windows.set(key, window);
    }
    return window;
  }

  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [key, window] of this.#windows) {
      const { budget, calls, made, spanMs } = window;
      const latest = Math.max(calls.at(-1) ?? 0, made.at(-1) ?? 0);
      const idle = allowedAt(window, now) >= budget.calls && latest + spanMs <= now;
      if (window.pausedUntil <= now && idle) this.#windows.delete(key);
    }
  }
}

/** A bridge is one chat, whatever ids that has had. */
const keyOf = (scope: BridgeScope, at: Place): string =>
  scope === 'thread' ? `thread/${at.chatId}/${at.threadId}` : scope;

/** How many calls a window takes now. */
const allowedAt = ({ budget, allowed, pausedUntil, spanMs }: Window, now: number): number => {
  if (allowed >= budget.calls || !Number.isFinite(budget.calls)) return budget.calls;
  const windows = Math.max(0, Math.floor((now - pausedUntil) / spanMs));
  return Math.min(budget.calls, allowed + windows * Math.ceil(budget.calls * RECOVERY));
};

const earliest = (window: Window, now: number): number => {
  const { calls, pausedUntil, spanMs } = window;
  const oldest = calls[calls.length - allowedAt(window, now)];
  return Math.max(now, pausedUntil, oldest === undefined ? 0 : oldest + spanMs);
};

/** When a window has room for a call, counting those that were made. */
const freeAt = ({ made, budget, pausedUntil, spanMs }: Window): number => {
  const oldest = made[made.length - budget.calls];
  return Math.max(pausedUntil, oldest === undefined ? 0 : oldest + spanMs);
};

/** Notes an instant among the latest, in order; a budget needs no more of them than it has calls. */
const keep = (instants: number[], instant: number, { calls }: Budget): void => {
  if (!Number.isFinite(calls)) return;
  let place = instants.length;
  while (place > 0 && (instants[place - 1] as number) > instant) place--;
  instants.splice(place, 0, instant);
  if (instants.length > calls) instants.shift();
};

const giveBack = (instants: number[], instant: number): void => {
  const place = instants.lastIndexOf(instant);
  if (place >= 0) instants.splice(place, 1);
};
