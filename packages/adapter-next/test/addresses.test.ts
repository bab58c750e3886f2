import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NextHandlerOptions } from '../src/index.js';
import { open } from './open.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Visitors who come one after the other, within one instant. */
const arrivals = async (
  { call }: ReturnType<typeof open>,
  visitors: number,
  headers: Record<string, string> = {},
) => {
  const sessions: { sessionId: string; token: string }[] = [];
  for (let n = 0; n < visitors; n++) {
    const response = await call('POST', '/connect', { body: { visitorId: `v${n}` }, headers });
    if (response.status !== 200) return { sessions, refused: response.status };
    sessions.push((await response.json()) as (typeof sessions)[number]);
  }
  return { sessions, refused: undefined };
};

describe('where nobody says that X-Forwarded-For can be believed', () => {
  it('the visitors of a site do not lock each other out, and a flood of them is limited', async () => {
    const { sessions, refused } = await arrivals(open(), 700);
    expect([sessions.length, refused]).toEqual([600, 429]);
  });

  it('a client does not get limits of its own by inventing an address', async () => {
    const site = open();
    const headers = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}` });
    expect((await arrivals(site, 600, headers(1))).refused).toBeUndefined();
    expect((await arrivals(site, 1, headers(2))).refused).toBe(429);
  });

  it('the limits that an app sets are the limits', async () => {
    const site = open({ rateLimits: { connect: { requests: 2, perMs: 60_000 } } });
    expect((await arrivals(site, 3)).sessions).toHaveLength(2);
    expect((await arrivals(open({ rateLimits: { connect: false } }), 700)).refused).toBeUndefined();
    expect((await arrivals(open({ rateLimits: false }), 700)).refused).toBeUndefined();
  });

  it('as many streams may be open as there may be at all, unless the app says otherwise', async () => {
    const opened = async (options: NextHandlerOptions) => {
      const { handler, ...site } = open(options);
      const { sessions } = await arrivals({ handler, ...site }, 11);
      const statuses = new Map<number, number>();
      for (const { sessionId, token } of sessions) {
        for (let n = 0; n < 50; n++) {
          const { status } = await site.call('GET', `/stream?sessionId=${sessionId}`, { token });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }
      handler.close();
      return Object.fromEntries(statuses);
    };
    expect(await opened({})).toEqual({ 200: 550 });
    expect(await opened({ streams: { perAddress: 500 } })).toEqual({ 200: 500, 429: 50 });
    expect(await opened({ streams: { total: 500 } })).toEqual({ 200: 500, 503: 50 });
  });

  it.each([
    ['rateLimits', 'many', /^rateLimits must be/],
    ['rateLimits', null, /^rateLimits must be/],
    ['streams', 'many', /^streams must be/],
    ['streams', null, /^streams must be/],
    ['trustProxy', 'loopback', /^trustProxy must be/],
  ])('%s that is %j is refused as anywhere', (name, value, message) => {
    expect(() => open({ [name]: value })).toThrow(message);
  });
});

it('behind a proxy that is named each address has its limit', async () => {
  const site = open({ trustProxy: ['loopback'] });
  const headers = (n: number) => ({ 'x-forwarded-for': `198.51.100.1, 203.0.113.${n}` });
  expect((await arrivals(site, 31, headers(1))).sessions).toHaveLength(30);
  expect((await arrivals(site, 30, headers(2))).refused).toBeUndefined();
});

describe('the log', () => {
  const told = async (options: NextHandlerOptions = {}) => {
    const site = open(options);
    // Next has it in every request: it writes it itself.
    await arrivals(site, 3, { 'x-forwarded-for': '::1' });
    return site.logger.lines.map(({ level, message }) => `${level}: ${message}`);
  };

  it('says once what makes visitors known by their addresses, and when that is right', async () => {
    expect(await told()).toEqual([
      expect.stringMatching(
        /^warn: .*a proxy or a platform that writes .* only there, set trustProxy: \['loopback'\]/,
      ),
    ]);
  });

  it.each<[string, NextHandlerOptions]>([
    ['a proxy is named', { trustProxy: ['loopback'] }],
    ['the app knows that there is none', { trustProxy: [] }],
    ['nothing is limited', { rateLimits: false }],
  ])('says nothing of it where %s', async (_case, options) => {
    expect(await told(options)).toEqual([]);
  });

  it('says nothing of it in development, where nobody else comes', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    expect(await told()).toEqual([]);
  });
});
