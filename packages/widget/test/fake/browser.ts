import { WebSocket as Socket } from 'ws';
import type { Clock } from '../../src/client/clock.js';
import type { Environment } from '../../src/client/environment.js';
import { sendBytes } from './send-bytes.js';

/** Time that passes when a test says so. */
export class VirtualClock implements Clock {
  private time = Date.parse('2026-01-21T12:00:00Z');
  private readonly timers = new Set<{ at: number; task: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.time + ms, task };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Timers that have yet to fire. */
  get pending(): number {
    return this.timers.size;
  }

  /** Milliseconds until each timer fires, soonest first. */
  get delays(): number[] {
    return [...this.timers].map(({ at }) => at - this.time).sort((a, b) => a - b);
  }

  /** Sets the time like a machine's clock that is set back: timers keep their distance. */
  set(now: number): void {
    for (const timer of this.timers) timer.at += now - this.time;
    this.time = now;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.task();
    }
    this.time = end;
  }
}

/** One browser: storage and locks that its tabs share. */
export class FakeBrowser {
  readonly stored = new Map<string, string>();
  private readonly watchers = new Map<object, (key: string | null) => void>();
  private readonly locks = new Map<string, Promise<unknown>>();
  private seed = 1;
  hasLocks = true;

  tab(clock: VirtualClock): FakeTab {
    return new FakeTab(this, clock);
  }

  write(tab: object, key: string, value: string | null): void {
    if (value === null) this.stored.delete(key);
    else this.stored.set(key, value);
    for (const [watcher, tell] of this.watchers) if (watcher !== tab) queueMicrotask(() => tell(key));
  }

  watch(tab: object, tell: (key: string | null) => void): () => void {
    this.watchers.set(tab, tell);
    return () => this.watchers.delete(tab);
  }

  exclusively<T>(name: string, task: () => Promise<T>): Promise<T> {
    if (!this.hasLocks) return task();
    const turn = (this.locks.get(name) ?? Promise.resolve()).then(task, task);
    this.locks.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }

  /** Different bytes each time, the same in every run. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => {
      this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
      return this.seed >> 16;
    });
  }
}

/** One page: its own network, visibility and clock. */
export class FakeTab {
  private readonly networkListeners = new Set<() => void>();
  private readonly visibilityListeners = new Set<() => void>();
  private isOnline = true;
  private isVisible = true;
  /** False: requests fail at once, as without a network. */
  reachable = true;
  hasSocket = true;
  readonly environment: Environment;

  constructor(browser: FakeBrowser, clock: VirtualClock) {
    const listen = (listeners: Set<() => void>) => (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    this.environment = {
      clock,
      random: () => 0.5,
      randomBytes: (length) => browser.bytes(length),
      fetch: (url, init) =>
        this.reachable ? fetch(url, init) : Promise.reject(new TypeError('Failed to fetch')),
      sendBytes: (request) =>
        this.reachable ? sendBytes(request) : Promise.reject(new TypeError('Failed to fetch')),
      openSocket: (url) => {
        if (!this.reachable) throw new Error('no network');
        return new Socket(url) as unknown as WebSocket;
      },
      storage: {
        get: (key) => browser.stored.get(key) ?? null,
        set: (key, value) => browser.write(this, key, value),
        remove: (key) => browser.write(this, key, null),
        keys: () => [...browser.stored.keys()],
        onForeignChange: (tell) => browser.watch(this, tell),
      },
      exclusively: (name, task) => browser.exclusively(name, task),
      online: () => this.isOnline,
      onNetwork: listen(this.networkListeners),
      visible: () => this.isVisible,
      onVisibility: listen(this.visibilityListeners),
      metadata: () => ({ url: 'https://shop.example/', pageTitle: 'Shop' }),
    };
  }

  get listeners(): number {
    return this.networkListeners.size + this.visibilityListeners.size;
  }

  /** The network goes or comes back, and the browser says so. */
  network(up: boolean): void {
    this.reachable = up;
    this.isOnline = up;
    for (const listener of [...this.networkListeners]) listener();
  }

  show(visible: boolean): void {
    this.isVisible = visible;
    for (const listener of [...this.visibilityListeners]) listener();
  }
}
