import { describe, expect, it } from 'vitest';
import { itWithWebSockets } from './frames.js';
import { handshake, RawConnection } from './raw.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, Visitor } from './visitor.js';
import { openWorld } from './world.js';

const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

export const describeOrigins = (contract: HttpContract): void => {
  describe('other origins', () => {
    const from = (visitor: Visitor, origin: string, headers: Record<string, string> = {}) =>
      visitor.post('/connect', { visitorId: 'v' }, { headers: { origin, ...headers } });

    it('may not use a server that does not list them, unlike its own pages', async () => {
      const world = await openWorld(contract);
      const visitor = world.stranger();
      for (const origin of [EVIL, 'null', `${world.url}.evil.example`]) {
        const answer = await from(visitor, origin);
        expectRefusal(answer, 403, 'origin_not_allowed');
        expect(answer.text).toContain('origins');
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
      expect(await world.pp.getSessions()).toEqual([]);
      const own = await from(visitor, new URL(world.url).origin);
      expect(own).toMatchObject({ status: 200 });
      expect(await from(visitor, `https://${new URL(world.url).host}`)).toMatchObject({ status: 200 });
      expect(await from(visitor, SHOP, { 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 });
    });

    it('may when they are listed, without credentials', async () => {
      const world = await openWorld(contract, { origins: [SHOP] });
      const visitor = world.stranger();
      const answer = await from(visitor, SHOP);
      expect(answer).toMatchObject({ status: 200 });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': SHOP,
        vary: expect.stringMatching(/\bOrigin\b/),
      });
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      const refused = await visitor.post('/message', {}, { headers: { origin: SHOP } });
      expectRefusal(refused, 401, 'unauthorized');
      expect(refused.headers.get('access-control-allow-origin')).toBe(SHOP);
      expectRefusal(await from(visitor, EVIL), 403, 'origin_not_allowed');
    });

    it('all may when the server says so', async () => {
      const world = await openWorld(contract, { origins: '*' });
      const answer = await from(world.stranger(), EVIL);
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    });

    it('ask first, and are told what they may send and for how long', async () => {
      const world = await openWorld(contract, { origins: [SHOP] });
      const visitor = new Visitor(world.url, 'v');
      const asked = {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      };
      const answer = await visitor.ask('OPTIONS', '/message', { headers: { origin: SHOP, ...asked } });
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
        'access-control-max-age': expect.stringMatching(/^\d+$/),
      });
      const foreign = await visitor.ask('OPTIONS', '/message', { headers: { origin: EVIL, ...asked } });
      expectRefusal(foreign, 403, 'origin_not_allowed');
    });

    itWithWebSockets(contract)('open WebSockets by the same rule', async () => {
      const world = await openWorld(contract, { origins: [SHOP] });
      const visitor = await world.visitor();
      for (const [origin, status] of [
        [SHOP, 101],
        [new URL(world.url).origin, 101],
        [EVIL, 403],
      ] as const) {
        const raw = new RawConnection(world.url);
        raw.head('GET', `/stream?sessionId=${visitor.sessionId}`, { ...handshake, origin });
        await raw.hears(`HTTP/1.1 ${status} `);
        raw.socket.destroy();
      }
    });
  });
};
