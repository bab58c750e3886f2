import type { Clock } from '../telegram/clock.js';

/** The first second of 2015, from which Discord counts. @see https://discord.com/developers/docs/reference#snowflakes */
const EPOCH_MS = 1_420_070_400_000n;

/** Hands out ids that tell when they were made; each is greater than the one before. */
export class Snowflakes {
  /** @param newest where the newest one is kept */
  constructor(
    private readonly newest: { lastId: string },
    private readonly clock: Clock,
  ) {}

  next(): string {
    const now = (BigInt(Math.floor(this.clock.now())) - EPOCH_MS) << 22n;
    const last = BigInt(this.newest.lastId);
    this.newest.lastId = String(now > last ? now : last + 1n);
    return this.newest.lastId;
  }
}

/** The first id that is made so much later. */
export const laterBy = (ms: number, snowflake: string): string =>
  String(BigInt(snowflake) + (BigInt(ms) << 22n));

/** Unix milliseconds at which something got its id. */
export const instantOf = (snowflake: string): number => Number((BigInt(snowflake) >> 22n) + EPOCH_MS);

export const isSnowflake = (text: unknown): text is string =>
  typeof text === 'string' && /^\d{1,20}$/.test(text);

/** Orders ids by age, the older one first. */
export const byAge = (left: { readonly id: string }, right: { readonly id: string }): number =>
  BigInt(left.id) < BigInt(right.id) ? -1 : BigInt(left.id) > BigInt(right.id) ? 1 : 0;
