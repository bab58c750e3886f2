import type { Broker, Json, Logger } from '@pocketping/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordingLogger } from './logger.js';

export interface BrokerContract {
  /** Names the suite, e.g. `LocalBroker`. */
  readonly name: string;
  /** A broker on its own; called for every test. */
  create(options: { logger: Logger }): Promise<Broker>;
  /** Another node's broker that reaches the first one's subscribers, for a broker that connects nodes. */
  join?(first: Broker, options: { logger: Logger }): Promise<Broker>;
}

/** What every broker must do. */
export const brokerContract = ({ name, create, join }: BrokerContract): void => {
  describe(`${name} keeps the broker contract`, () => {
    let logger: ReturnType<typeof recordingLogger>;
    let broker: Broker;

    beforeEach(async () => {
      logger = recordingLogger();
      broker = await create({ logger });
    });
    afterEach(() => broker.close());

    it('hands a payload to every subscriber of its channel, the publisher included', async () => {
      const [one, two, other] = [
        await heard(broker, 'a'),
        await heard(broker, 'a'),
        await heard(broker, 'b'),
      ];
      broker.publish('a', { hello: [1, 'two', null, true] });
      broker.publish('b', 'end');
      await one.until(1);
      await two.until(1);
      await other.until(1);
      expect(one.payloads).toEqual([{ hello: [1, 'two', null, true] }]);
      expect(two.payloads).toEqual([{ hello: [1, 'two', null, true] }]);
      expect(other.payloads).toEqual(['end']);
    });

    it('keeps the order of one publisher on one channel', async () => {
      const listener = await heard(broker, 'a');
      for (let number = 0; number < 500; number++) broker.publish('a', number);
      await listener.until(500);
      expect(listener.payloads).toEqual(Array.from({ length: 500 }, (_, number) => number));
    });

    it('returns before anybody was told', async () => {
      const listener = await heard(broker, 'a');
      broker.publish('a', 1);
      expect(listener.payloads).toEqual([]);
      await listener.until(1);
    });

    it('does not hand over what was published before the subscription', async () => {
      const first = await heard(broker, 'a');
      broker.publish('a', 'before');
      const second = await heard(broker, 'a');
      broker.publish('a', 'after');
      await first.until(2);
      await second.until(1);
      expect(second.payloads).toEqual(['after']);
    });

    it('logs what a subscriber throws, and tells the others', async () => {
      await broker.subscribe('a', () => {
        throw new Error('broken subscriber');
      });
      const listener = await heard(broker, 'a');
      broker.publish('a', 1);
      broker.publish('a', 2);
      await listener.until(2);
      expect(logger.lines.filter(({ level }) => level === 'error').length).toBe(2);
      expect(String(logger.lines[0]?.fields.err)).toContain('broken subscriber');
    });

    it('ends a subscription, twice without harm', async () => {
      const payloads: Json[] = [];
      const leave = await broker.subscribe('a', (payload) => payloads.push(payload));
      const stays = await heard(broker, 'a');
      leave();
      leave();
      broker.publish('a', 1);
      await stays.until(1);
      expect(payloads).toEqual([]);
    });

    it('lets a subscriber leave, join and publish while it is being told', async () => {
      const payloads: Json[] = [];
      const leave = await broker.subscribe('a', (payload) => {
        payloads.push(payload);
        leave();
        broker.publish('b', 'from within');
      });
      const [a, b] = [await heard(broker, 'a'), await heard(broker, 'b')];
      broker.publish('a', 1);
      broker.publish('a', 2);
      await a.until(2);
      await b.until(1);
      expect(payloads).toEqual([1]);
      expect(b.payloads).toEqual(['from within']);
    });

    it('drops everything once it is closed, and never throws', async () => {
      const listener = await heard(broker, 'a');
      broker.publish('nobody', 1);
      await broker.close();
      broker.publish('a', 1);
      const leave = await broker.subscribe('a', () => {});
      leave();
      await broker.close();
      await new Promise((resolve) => setImmediate(resolve));
      expect(listener.payloads).toEqual([]);
    });

    if (join) {
      it('carries payloads from node to node, in order', async () => {
        const second = await join(broker, { logger });
        const [here, there] = [await heard(broker, 'a'), await heard(second, 'a')];
        for (let number = 0; number < 100; number++) broker.publish('a', number);
        await there.until(100);
        second.publish('a', 'back');
        await here.until(101);
        expect(there.payloads.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, number) => number));
        expect(here.payloads.at(-1)).toBe('back');
        await second.close();
      });
    }
  });
};

const heard = async (broker: Broker, channel: string) => {
  const payloads: Json[] = [];
  await broker.subscribe(channel, (payload) => payloads.push(payload));
  return {
    payloads,
    until: (count: number) =>
      vi.waitFor(() => expect(payloads.length).toBeGreaterThanOrEqual(count), { interval: 1, timeout: 5000 }),
  };
};
