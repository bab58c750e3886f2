import { call, hostInTest, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { DiscordBridge } from '../src/index.js';
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

  it('are counted by the clock of the engine, so that a bridge goes on when that says so', async () => {
    const clock = virtualClock(0);
    const { host: it } = hostInTest();
    it.clock = clock;
    let asked = 0;
    const refusing = async () => {
      asked++;
      const body = { message: 'Missing Access', code: 50001 };
      return asked === 1 ? Response.json({ id: '1' }) : Response.json(body, { status: 403 });
    };
    const webhookUrl = 'https://discord.com/api/webhooks/123456789012345678/token';
    const bridge = new DiscordBridge({ webhookUrl, fetch: refusing });
    await bridge.start(it);
    for (let at = 0; at < INVALID_REQUESTS_ALLOWED; at++) {
      await expect(bridge.access.check(call())).rejects.toMatchObject({ code: 'unauthorized' });
    }
    await expect(bridge.access.check(call())).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: INVALID_REQUESTS.perMs,
    });
    const before = asked;
    await clock.advance(INVALID_REQUESTS.perMs);
    await expect(bridge.access.check(call())).rejects.toMatchObject({ code: 'unauthorized' });
    expect(asked).toBe(before + 1);
  });
});
