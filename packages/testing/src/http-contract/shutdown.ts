import { describe, expect, it } from 'vitest';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { openWorld, until } from './world.js';

export const describeShutdown = (contract: HttpContract): void => {
  describe('a shutdown', () => {
    it('lets a running request finish', async () => {
      let open = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      let sending = false;
      const world = await openWorld(contract, {}, (real) => ({
        send: async (actor, request) => {
          sending = true;
          await gate;
          return real.send(actor, request);
        },
      }));
      const visitor = await world.visitor();
      const sent = visitor.send('just in time');
      await until(() => sending);
      let closed = false;
      const closing = world.close().then(() => {
        closed = true;
      });
      await world.clock.advance(1000);
      expect(closed).toBe(false);
      open();
      const { messageId } = await sent;
      await closing;
      expect(await world.pp.getMessages(visitor.sessionId)).toMatchObject([{ id: messageId }]);
    });

    if (contract.ownsConnections !== false) {
      it('cuts off what takes longer than it has', async () => {
        let sending = false;
        const world = await openWorld(contract, { closeWithinMs: 3000 }, () => ({
          send: () => {
            sending = true;
            return new Promise(() => {});
          },
        }));
        const visitor = await world.visitor();
        const sent = visitor.send('for ever').catch((error: unknown) => error);
        await until(() => sending);
        const closing = world.close();
        await world.clock.advance(3000);
        await closing;
        expect(await sent).toBeInstanceOf(Error);
      });
    }

    it('answers a waiting poll at once', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const { seq } = await visitor.events();
      const poll = await world.waits(() => [visitor.events({ after: `${seq}`, wait: '25' })]);
      const closing = world.close();
      expect(await poll[0]).toMatchObject({ events: [] });
      await closing;
    });

    it.each(carriersOf(contract))('ends %s', async (_name, open) => {
      const world = await openWorld(contract);
      const reader = open(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      const closing = world.close();
      expect([1001, 0]).toContain((await reader.ended).code);
      await closing;
    });
  });
};
