import type { Instant } from '@pocketping/core';
import { INVALID_REQUESTS, INVALID_REQUESTS_ALLOWED } from './limits.js';

/**
 * Counts what Discord refuses, so that we stop before it bans the address.
 * @see https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
export class InvalidRequests {
  #times: Instant[] = [];

  constructor(private readonly now: () => Instant) {}

  /** Milliseconds for which nothing may be sent; 0 as long as few were refused. */
  get blockedForMs(): number {
    const begin = this.now() - INVALID_REQUESTS.perMs;
    this.#times = this.#times.filter((at) => at > begin);
    const first = this.#times.at(-INVALID_REQUESTS_ALLOWED);
    return first === undefined ? 0 : first - begin;
  }

  /** @param scope the header `X-RateLimit-Scope`: a limit that is shared with others is not counted against us */
  answered(status: number, scope: string | null): void {
    if (status === 401 || status === 403 || (status === 429 && scope !== 'shared')) {
      this.#times.push(this.now());
      // More are never asked for.
      if (this.#times.length > INVALID_REQUESTS_ALLOWED) this.#times.shift();
    }
  }
}
