import type { Bridge, WebhookHeaders, WebhookReceiver } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { RawConnection } from './raw.js';
import type { HttpContract } from './subject.js';
import { openWorld } from './world.js';

/** What a platform sends by itself reaches its bridge, and the bridge's answer the platform. */
export const describeWebhooks = (contract: HttpContract): void => {
  describe('POST /webhooks/:bridge', () => {
    const json = { 'content-type': 'application/json' };
    const post = (url: string, body: string, headers: Record<string, string> = json) =>
      fetch(url, { method: 'POST', headers, body });

    it('hands the request to the bridge it names, and answers what the bridge does', async () => {
      const { pp, url } = await openWorld(contract);
      pp.addBridge(
        called('one', async ({ headers, body }) => ({
          status: 202,
          headers: { 'x-answer': String(headers['x-secret']) },
          body: JSON.stringify({ got: jsonIn(body) }),
        })),
      );
      const answer = await post(`${url}/webhooks/one`, '{"update":7}', { ...json, 'x-secret': 's' });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('x-answer')).toBe('s');
      expect(await answer.json()).toEqual({ got: { update: 7 } });
    });

    it('answers 404 for a bridge that is unknown, or that does not want to be called', async () => {
      const { pp, url } = await openWorld(contract);
      pp.addBridge(called('silent', undefined));
      for (const name of ['nobody', 'silent', '__proto__', '%00', 'silent/more']) {
        expect((await post(`${url}/webhooks/${name}`, '{}')).status).toBe(404);
      }
      expect((await fetch(`${url}/webhooks/silent`)).status).toBe(405);
    });

    it('reads no body for headers that its bridge does not admit', async () => {
      const { pp, url } = await openWorld(contract);
      const taken: unknown[] = [];
      const take: WebhookReceiver = async ({ body }) => {
        taken.push(jsonIn(body));
        return { status: 200 };
      };
      pp.addBridge(called('one', take, ({ 'x-secret': secret }) => secret === 's'));
      const body = JSON.stringify({ update: 'x'.repeat(50_000) });
      const stranger = new RawConnection(url);
      stranger.head('POST', '/webhooks/one', { ...json, 'content-length': `${body.length}` });
      // An app that parses by itself has read everything before anybody is asked.
      if (contract.parsesFirst) stranger.write(body);
      await stranger.hears('HTTP/1.1 401 ');
      stranger.socket.destroy();
      expect((await post(`${url}/webhooks/one`, '{"update":7}', { ...json, 'x-secret': 's' })).status).toBe(
        200,
      );
      expect(taken).toEqual([{ update: 7 }]);
    });

    it('answers no success when the bridge could not commit, and says nothing of why', async () => {
      const { pp, url } = await openWorld(contract);
      pp.addBridge(called('broken', () => Promise.reject(new Error('the disk /var/lib/chat.db is full'))));
      const answer = await post(`${url}/webhooks/broken`, '{}');
      expect(answer.status).toBe(500);
      expect(await answer.text()).not.toContain('chat.db');
    });

    it('takes larger bodies than a visitor may send, and not any', async () => {
      const { pp, url } = await openWorld(contract);
      pp.addBridge(called('one', async ({ body }) => ({ status: 200, body: String(sizeOf(body)) })));
      if (!contract.parsesFirst) {
        const large = JSON.stringify('x'.repeat(200_000));
        expect(await (await post(`${url}/webhooks/one`, large)).text()).toBe(String(large.length));
      }
      const huge = JSON.stringify('x'.repeat(1_100_000));
      const refused = await post(`${url}/webhooks/one`, huge).then(
        ({ status }) => status,
        () => 413,
      );
      expect(refused).toBe(413);
    });
  });
};

/** A bridge that starts at once and has no chat. */
const called = (
  name: string,
  receiver: WebhookReceiver | undefined,
  admits?: (headers: WebhookHeaders) => boolean,
): Bridge => ({
  name,
  commandPrefix: '/',
  pacing: {},
  start: async () => {},
  stop: async () => {},
  open: async () => ({ chatId: 'chat', threadId: 'thread' }),
  render: () => [],
  post: async () => ({ chatId: 'chat', platformId: 'post' }),
  answer: async () => {},
  ...(receiver && { webhook: { receiver: () => receiver, ...(admits && { admits }) } }),
});

type Body = Parameters<WebhookReceiver>[0]['body'];

const jsonIn = (body: Body): unknown => {
  if (typeof body === 'object' && 'parsed' in body) return body.parsed;
  return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
};

const sizeOf = (body: Body): number =>
  typeof body === 'object' && 'parsed' in body ? JSON.stringify(body.parsed).length : body.length;
