import { describe, expect, it } from 'vitest';
import { InvalidRequests } from '../src/invalid-requests.js';
import { INVALID_REQUESTS, INVALID_REQUESTS_ALLOWED } from '../src/limits.js';

describe('refused requests', () => {
  it('block for as long as too many of them are recent', () => {
    let now = 1_000_000;
    const requests = new InvalidRequests(() => now);
    for (let at = 0; at < INVALID_REQUESTS_ALLOWED - 1; at++) requests.answered(403, null);
    expect(requests.blockedForMs).toBe(0);
    now += 60_000;
    requests.answered(429, 'user');
    expect(requests.blockedForMs).toBe(INVALID_REQUESTS.perMs - 60_000);
    now += INVALID_REQUESTS.perMs - 60_000;
    expect(requests.blockedForMs).toBe(0);
  });

  it('are not those that others caused, and not those that worked or were merely wrong', () => {
    const requests = new InvalidRequests(() => 0);
    for (let at = 0; at < 2 * INVALID_REQUESTS_ALLOWED; at++) {
      requests.answered(429, 'shared');
      requests.answered(200, null);
      requests.answered(404, null);
      requests.answered(400, null);
    }
    expect(requests.blockedForMs).toBe(0);
  });
});
