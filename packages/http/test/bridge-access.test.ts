import { PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { createExchange, type WireInput } from '../src/index.js';

const API_KEY = 'a-key-of-many-letters';

const asking =
  (bridgeApi: { apiKey?: string }, remoteAddress: string) =>
  async (headers: Record<string, string> = {}): Promise<number> => {
    const exchange = createExchange(new PocketPing({ logger: recordingLogger() }), { bridgeApi });
    const { status } = await exchange({
      method: 'POST',
      path: '/api/sessions',
      query: '',
      headers: { 'content-type': 'application/json', ...headers },
      remoteAddress,
      body: async () => JSON.stringify({ id: 'sess_1', visitorId: 'vis_1' }),
      stream: () => new Blob([]).stream(),
      onGone: () => {},
    } satisfies WireInput);
    return status;
  };

describe('the bridge API with a key', () => {
  it('opens for that key and for none that is like it', async () => {
    const ask = asking({ apiKey: API_KEY }, '203.0.113.9');
    const statusOf = (key: string) => ask({ authorization: `Bearer ${key}` });
    expect(await statusOf(API_KEY)).toBe(200);
    for (const key of [
      API_KEY.replace('a', 'b'),
      `${API_KEY.slice(0, -1)}z`,
      API_KEY.toUpperCase(),
      [...API_KEY].reverse().join(''),
      `${API_KEY}${API_KEY}`,
      API_KEY.slice(1),
    ])
      expect(await statusOf(key)).toBe(401);
  });

  it('does not open for a program on its machine without it', async () => {
    expect(await asking({ apiKey: API_KEY }, '127.0.0.1')({ host: 'localhost' })).toBe(401);
  });
});

describe('the bridge API without a key', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'opens for a program at %s',
    async (address) => {
      for (const host of ['localhost', 'localhost:3001', '127.0.0.1:3001', '[::1]:3001', 'LOCALHOST'])
        expect(await asking({}, address)({ host })).toBe(200);
    },
  );

  it.each(['203.0.113.9', '10.0.0.1', '::ffff:10.0.0.1', '128.0.0.1', '::2', ''])(
    'does not open from %j, whatever Host says',
    async (address) => expect(await asking({}, address)({ host: 'localhost' })).toBe(401),
  );

  it('does not open by another name, which a page could have given this machine', async () => {
    const ask = asking({}, '127.0.0.1');
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'localhost@evil',
      '',
    ])
      expect(await ask({ host })).toBe(401);
    expect(await ask()).toBe(401);
  });

  it('does not open for what a proxy forwards, or a page sends', async () => {
    const ask = asking({}, '127.0.0.1');
    for (const name of [
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-real-ip',
      'via',
      'origin',
      'sec-fetch-site',
      'referer',
    ])
      expect([name, await ask({ host: 'localhost', [name]: 'http://localhost' })]).toEqual([name, 401]);
  });
});
