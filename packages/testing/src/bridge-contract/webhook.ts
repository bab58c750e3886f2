import type { WebhookReceiver, WebhookRequest } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { type BridgeContract, conversation, recordingHost, startedBridge } from './fixture.js';
import type { PlatformCalls } from './probe.js';

/** Where the platform calls the bridge. */
export const describeWebhook = (contract: BridgeContract): void => {
  describe('what the platform sends', () => {
    const fixture = startedBridge(contract);
    const receiver = () => fixture().receiver as WebhookReceiver;
    const calls = () => fixture().platform.calls as PlatformCalls;

    /** A genuine request, of which the host knows nothing yet. */
    const untaken = async (): Promise<WebhookRequest> => {
      const { thread } = await conversation(fixture());
      calls().connect(undefined);
      const before = calls().requests().length;
      await fixture().platform.write(thread, 'hello');
      await vi.waitFor(() => expect(calls().requests().length).toBeGreaterThan(before), { timeout: 10_000 });
      return calls().requests()[before] as WebhookRequest;
    };

    it('is answered with success once it is taken', async () => {
      const { host } = fixture();
      const request = await untaken();
      host.hesitate();
      let answered = false;
      const answer = receiver()(request).finally(() => {
        answered = true;
      });
      expect(await host.next()).toMatchObject({ content: 'hello' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(answered).toBe(false);
      host.accept();
      expect((await answer).status).toBe(200);
    });

    it('is not answered with success when it was not taken', async () => {
      const { host } = fixture();
      const request = await untaken();
      host.refuse();
      const status = await receiver()(request).then(
        (answer) => answer.status,
        () => 500,
      );
      expect(status).toBeGreaterThanOrEqual(500);
      host.accept();
      expect((await receiver()(request)).status).toBe(200);
    });

    it('is refused without proof of where it comes from, and has no effect', async () => {
      const { host } = fixture();
      const request = await untaken();
      const { headers, body } = request;
      expect((await receiver()({ headers: {}, body })).status).toBe(401);
      const { webhook } = fixture().bridge;
      if (webhook?.admits) expect([webhook.admits({}), webhook.admits(headers)]).toEqual([false, true]);
      for (const name of Object.keys(headers)) {
        const forged = { ...headers, [name]: `${headers[name]}x` };
        const [without, wrong] = [{ ...headers }, forged];
        delete (without as Record<string, unknown>)[name];
        for (const attempt of [without, wrong]) {
          const before = host.received.length;
          const { status } = await receiver()({ headers: attempt, body });
          expect([200, 401, 415]).toContain(status);
          expect(host.received).toHaveLength(status === 200 ? before + 1 : before);
        }
      }
    });

    it('is refused when it is nothing the platform would send', async () => {
      const { host } = fixture();
      const { headers } = await untaken();
      const bodies = ['', '{', 'null', '[]', '7', '"x"', '{}', '{"update_id":"x"}', '\u0000'];
      for (const body of [
        ...bodies,
        ...bodies.map((each) => new TextEncoder().encode(each)),
        { parsed: null },
      ]) {
        const { status } = await receiver()({ headers, body });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
      expect(host.received).toEqual([]);
    });

    it('is taken as text, as bytes, and where it is not signed, as what a parser has made of it', async () => {
      const { host } = fixture();
      const { headers, body } = await untaken();
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
      for (const each of [text, new TextEncoder().encode(text)]) {
        expect((await receiver()({ headers, body: each })).status).toBe(200);
        expect(await host.next()).toMatchObject({ content: 'hello' });
      }
      const before = host.received.length;
      const parsed = { parsed: JSON.parse(text) as unknown };
      const signed = contract.webhook === 'signed';
      expect((await receiver()({ headers, body: parsed })).status).toBe(signed ? 401 : 200);
      expect(host.received).toHaveLength(signed ? before : before + 1);
    });

    it('can be sent to any node', async () => {
      const request = await untaken();
      const host = recordingHost();
      const other = calls().otherNode();
      const answer = await other.webhook?.receiver(host)(request);
      expect(answer?.status).toBe(200);
      expect(host.received).toMatchObject([{ content: 'hello' }]);
    });
  });
};
