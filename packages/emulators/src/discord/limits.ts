import type { Clock } from '../telegram/clock.js';

/** What the emulator enforces; Discord tells its own figures only in its answers. */
export interface DiscordLimits {
  /** Requests to one route of one channel in a window. 5 unless told. */
  readonly perRoute?: number;
  /** Milliseconds. 5,000 unless told. */
  readonly windowMs?: number;
  /** Requests of a bot in a second. 50 unless told. @see https://discord.com/developers/docs/topics/rate-limits#global-rate-limit */
  readonly perSecond?: number;
}

export interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it would be let in; 0 if it is. */
  readonly waitMs: number;
  readonly global: boolean;
}

interface Window {
  used: number;
  endsAt: number;
}

/** Counts requests by route and channel, and over all. @see https://discord.com/developers/docs/topics/rate-limits */
export class RateLimiter {
  readonly #windows = new Map<string, Window>();
  readonly #second: Window = { used: 0, endsAt: 0 };
  exceeded = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: DiscordLimits,
  ) {}

  /** @param route the route's name @param channel what it is counted by */
  admit(route: string, channel: string): Admission {
    const { perRoute = 5, windowMs = 5000, perSecond = 50 } = this.limits;
    const now = this.clock.now();
    const global = counted(this.#second, perSecond, 1000, now);
    if (global > 0) return this.#refused({ 'x-ratelimit-global': 'true' }, global, true);
    const key = `${route} ${channel}`;
    const window = this.#windows.get(key) ?? { used: 0, endsAt: 0 };
    this.#windows.set(key, window);
    const waitMs = counted(window, perRoute, windowMs, now);
    const headers = {
      'x-ratelimit-limit': String(perRoute),
      'x-ratelimit-remaining': String(Math.max(0, perRoute - window.used)),
      'x-ratelimit-reset': (window.endsAt / 1000).toFixed(3),
      'x-ratelimit-reset-after': ((window.endsAt - now) / 1000).toFixed(3),
      'x-ratelimit-bucket': bucketOf(route),
    };
    return waitMs > 0 ? this.#refused(headers, waitMs, false) : { headers, waitMs: 0, global: false };
  }

  #refused(headers: Admission['headers'], waitMs: number, global: boolean): Admission {
    this.exceeded += 1;
    return { headers, waitMs, global };
  }
}

/** @returns milliseconds to wait; 0 when it was counted */
const counted = (window: Window, limit: number, ms: number, now: number): number => {
  if (now >= window.endsAt) {
    window.used = 0;
    window.endsAt = now + ms;
  }
  if (window.used >= limit) return window.endsAt - now;
  window.used += 1;
  return 0;
};

/** The name of a route's limit: the same for the same route, and nothing that a client could read. */
const bucketOf = (route: string): string => {
  let value = 0x811c9dc5;
  for (const unit of route) value = Math.imul(value ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (value >>> 0).toString(16).padStart(32, 'c');
};
