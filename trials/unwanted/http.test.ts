import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proven, telegramHeaders } from './proof.js';
import { breakOff, send } from './request.js';
import { forged, pathOf } from './untaken.js';
import { openWorld, type World } from './world.js';

/* What neither Telegram nor Slack would post, to the route where they do. */

const MIB = 1024 * 1024;
const DEEP = 100_000;

/** Nothing that a platform would send, proven or not. */
const NONSENSE: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  'a brace': '{',
  null: 'null',
  'a number': '7',
  'a text': '"x"',
  'a list': '[]',
  'an empty object': '{}',
  'ids of other types': '{"update_id":"1","type":7,"event":"x"}',
  'ids that are not exact': '{"update_id":1e300,"type":"x"}',
  'no event': '{"update_id":null,"type":"event_callback","event":[]}',
  'a form': 'payload=%7B%7D',
  'a byte order mark and nothing': '\uFEFF',
  'a zero': '\0',
  'two values': '{}{}',
  'keys of prototypes':
    '{"__proto__":{"update_id":1,"type":"event_callback"},"constructor":{"prototype":{"update_id":1}}}',
  'lists in each other': `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  'objects in each other': `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  'open lists': '['.repeat(DEEP),
  'no UTF-8': Uint8Array.of(0xff, 0xfe, 0x7b, 0x7d),
};

let world: World;
beforeAll(async () => {
  world = await openWorld({ telegram: 'webhook', slack: 'events' });
});
afterAll(() => world.close());

const port = () => (world.nodes[0] as World['nodes'][number]).port;

describe.each(['telegram', 'slack'] as const)('at the webhook of %s', (platform) => {
  const path = pathOf(platform);
  const unharmed = (act: () => Promise<unknown>) =>
    world.unharmed(act, (words) => world.say(platform, words));
  const sent = (body: string | Uint8Array, more: Partial<Parameters<typeof send>[0]> = {}) =>
    send({ port: port(), path, headers: proven(world, platform, body), body, ...more });

  it('every method but POST is answered 405, with what is allowed', () =>
    unharmed(async () => {
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'QUERY']) {
        expect(await sent('{}', { method }), method).toMatchObject({ status: 405, allow: 'POST, OPTIONS' });
      }
    }));

  it('a genuine body that calls itself anything but JSON is answered 415', () =>
    forged(world, platform, `${platform} says that it is no JSON`, async ({ body }) => {
      for (const contentType of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'text/json',
        'json',
        '',
      ]) {
        const headers = proven(world, platform, body, { contentType });
        expect(await sent(body, { headers }), contentType).toMatchObject({ status: 415, body: '' });
      }
    }));

  it('a body of more than 1 MiB is answered 413, however it is sent', () =>
    unharmed(async () => {
      const body = JSON.stringify({ update_id: 1, type: 'event_callback', event: { type: 'x'.repeat(MIB) } });
      expect(await sent(body)).toMatchObject({ status: 413 });
      expect(await sent(body, { chunked: true })).toMatchObject({ status: 413 });
    }));

  it('nothing without proof is answered anything but 401', () =>
    unharmed(async () => {
      for (const [what, body] of Object.entries(NONSENSE)) {
        const headers = { 'content-type': 'application/json' };
        expect(await sent(body, { headers }), what).toMatchObject({ status: 401, body: '' });
      }
    }));

  it('nonsense, proven, is answered 400', () =>
    unharmed(async () => {
      for (const [what, body] of Object.entries(NONSENSE)) {
        expect(await sent(body), what).toMatchObject({ status: 400, body: '' });
      }
      expect(({} as Record<string, unknown>).update_id).toBeUndefined();
    }));

  it('a body that ends before it is whole has no effect, however the connection ends', () =>
    forged(world, platform, `${platform} is cut off`, async ({ headers, body }) => {
      const whole = { port: port(), path, headers, body };
      expect(await breakOff(whole, 'politely')).toMatch(/^HTTP\/1\.1 400 /);
      expect(await breakOff(whole, 'at once')).toBe('');
    }));
});

describe('at webhooks that do not exist', () => {
  it('anything is answered 404', async () => {
    const before = await world.settled();
    const body = '{"update_id":1}';
    for (const bridge of ['discord', 'telegram-2', '__proto__', 'constructor', '%2e%2e', 'telegram%00']) {
      const answer = await send({ port: port(), path: pathOf(bridge), headers: telegramHeaders(), body });
      expect(answer, bridge).toMatchObject({ status: 404 });
    }
    expect(await world.settled()).toEqual(before);
  });
});
