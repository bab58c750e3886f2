import { type Conversation, MemoryStorage, PocketPing, type PocketPingOptions } from '@pocketping/core';
import { onTestFinished } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.js';
import { recordingLogger } from '../logger.js';
import type { HttpContract, Served, ServeOptions } from './subject.js';
import { Visitor } from './visitor.js';

/** One served engine, with the time and the visitors in a test's hand. */
export interface World {
  readonly pp: PocketPing;
  readonly clock: VirtualClock;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly url: string;
  /** Connects a visitor. */
  visitor(visitorId?: string): Promise<Visitor>;
  /** Somebody who has not connected. */
  stranger(): Visitor;
  /** Resolves when one more timer waits than before `action`: the server has begun to wait. */
  waits<T>(action: () => T): Promise<T>;
  /** Shuts the server down; harmless when a test has done so. */
  close: Served['close'];
}

/** Stands in front of the engine's use cases. */
export type Interference = (real: Conversation) => Partial<Conversation>;

let visitors = 0;

/** Serves a fresh engine until the test is over. */
export const openWorld = async (
  contract: HttpContract,
  options: ServeOptions = {},
  interfere: Interference = () => ({}),
  more: Pick<PocketPingOptions, 'files' | 'uploads'> = {},
): Promise<World> => {
  const clock = virtualClock();
  const logger = recordingLogger();
  const pp = new PocketPing({ clock, logger, storage: new MemoryStorage({ clock }), ...more });
  const changed = interfere(pp.conversation);
  const conversation = new Proxy(pp.conversation, {
    get: (real, name: keyof Conversation) => changed[name] ?? (real[name] as () => unknown).bind(real),
  });
  const health = () => pp.health();
  const webhook: PocketPing['webhook'] = (bridge, request) => pp.webhook(bridge, request);
  const served = await contract.serve(
    {
      conversation,
      clock,
      logger,
      health,
      webhook,
      drain: (within) => pp.drain(within),
      connectedBridges: pp.connectedBridges,
      stop: () => pp.stop(),
    },
    options,
  );
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= served.close();
    return closing;
  };
  onTestFinished(async () => {
    const closed = close();
    await clock.advance(60_000);
    await closed;
    await pp.stop();
  });
  const stranger = () => new Visitor(served.url, `visitor-${++visitors}`);
  return {
    pp,
    clock,
    logger,
    url: served.url,
    stranger,
    async visitor(visitorId) {
      const visitor = visitorId === undefined ? stranger() : new Visitor(served.url, visitorId);
      await visitor.connect();
      return visitor;
    },
    async waits(action) {
      const before = clock.pending;
      const result = action();
      await until(() => clock.pending > before);
      return result;
    },
    close,
  };
};

/** Turns of the event loop until something holds: for what real I/O is about to bring. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};
