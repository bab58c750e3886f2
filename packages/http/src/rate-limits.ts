import type { Clock, Instant } from '@pocketping/core';

/** At most `requests` at once; they come back evenly over `perMs` milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/**
 * Far beyond what a person does, and little for a program. Counted by visitor where one is proven, else by client
 * address (IPv6 by /64): never by anything a client may choose.
 */
export const DEFAULT_RATE_LIMITS = {
  /** `POST /connect` */
  connect: { requests: 30, perMs: 60_000 },
  /** `POST /message` */
  message: { requests: 30, perMs: 10_000 },
  /** `POST /upload`, its bytes, and that they are complete: three for each file. */
  upload: { requests: 60, perMs: 60_000 },
  /** Bytes of the files that are announced from one address, however many visitors it makes up: here a request is a byte. */
  uploadedBytes: { requests: 1024 ** 3, perMs: 24 * 60 * 60_000 },
  /** `GET /files/:id`: a page shows many at once. */
  file: { requests: 600, perMs: 60_000 },
  /** Edits and deletions. */
  change: { requests: 30, perMs: 10_000 },
  /** `POST /read` */
  read: { requests: 60, perMs: 10_000 },
  /** `POST /typing`, and typing over a WebSocket. */
  typing: { requests: 60, perMs: 10_000 },
  /** Custom events, by `POST /event` and over a WebSocket: each is an entry of the log. */
  event: { requests: 30, perMs: 30_000 },
  /** Those over a WebSocket that are too many or not valid: they are dropped, and beyond this the connection ends. */
  droppedEvent: { requests: 10_000, perMs: 10_000 },
  /** `POST /identify` and `POST /disconnect`. */
  session: { requests: 30, perMs: 60_000 },
  /** `GET /messages` and `GET /events`. */
  history: { requests: 120, perMs: 10_000 },
  /** `GET /stream`, whatever carries it. */
  stream: { requests: 60, perMs: 60_000 },
  /** `GET /presence` and `GET /health`. */
  public: { requests: 600, perMs: 60_000 },
  /** `POST /webhooks/:bridge`: the platforms' servers, which share few addresses. */
  webhook: { requests: 3000, perMs: 10_000 },
  /** The bridge API, by address: backends, who have shown the key. */
  backend: { requests: 20_000, perMs: 10_000 },
  /** Tokens nobody holds, and API keys that are wrong, from one address. Valid ones pass all the same. */
  refused: { requests: 60, perMs: 60_000 },
  /** Everything that visitors from one address do together: visitors are free to make. */
  address: { requests: 600, perMs: 10_000 },
} as const satisfies Record<string, RateLimit>;

export type LimitName = keyof typeof DEFAULT_RATE_LIMITS;

export type RateLimits = false | { readonly [Name in LimitName]?: RateLimit | false };

export interface Limiter {
  /** Takes one, or as many as something costs. @returns 0, or the milliseconds after which there will be as many. */
  take(name: LimitName, key: string, cost?: number): number;
}

/** Buckets remembered per limit and generation: at most twice as many are in memory. */
const GENERATION = 50_000;

export function createLimiter(clock: Clock, limits: RateLimits = {}): Limiter {
  if (limits === false) return { take: () => 0 };
  const buckets = {} as Record<LimitName, Buckets | null>;
  for (const name of Object.keys(DEFAULT_RATE_LIMITS) as LimitName[]) {
    const limit = limits[name] ?? DEFAULT_RATE_LIMITS[name];
    buckets[name] = limit === false || limits[name] === false ? null : new Buckets(limit);
  }
  return {
    take: (name, key, cost = 1) => buckets[name]?.take(key, clock.now(), cost) ?? 0,
  };
}

/** A token bucket is one number (GCRA): the instant at which it will be full again. */
interface Bucket {
  fullAt: Instant;
}

/**
 * What was not touched for a generation is forgotten; under a flood that is a bucket whose owner gets a few requests more.
 */
class Buckets {
  private readonly interval: number;
  private readonly perMs: number;
  private young = new Map<string, Bucket>();
  private old = new Map<string, Bucket>();
  private bornAt: Instant = Number.NEGATIVE_INFINITY;

  constructor({ requests, perMs }: RateLimit) {
    this.interval = perMs / requests;
    this.perMs = perMs;
  }

  take(key: string, now: Instant, cost: number): number {
    // What nobody has taken from for the whole time is full again, and need not be remembered.
    if (this.young.size >= GENERATION || now - this.bornAt > this.perMs || now < this.bornAt) {
      this.old = this.young;
      this.young = new Map();
      this.bornAt = now;
    }
    const bucket = this.bucket(key, now);
    // A clock that was set back must not lock anybody out for longer than an empty bucket would.
    const full = Math.min(Math.max(bucket.fullAt, now), now + this.perMs) + this.interval * cost;
    const over = full - now - this.perMs;
    if (over > 0) return over;
    bucket.fullAt = full;
    return 0;
  }

  private bucket(key: string, now: Instant): Bucket {
    const young = this.young.get(key);
    if (young) return young;
    const bucket = this.old.get(key) ?? { fullAt: now };
    this.young.set(key, bucket);
    return bucket;
  }
}
