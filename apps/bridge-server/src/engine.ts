import type { Engine } from '@pocketping/adapter-node';
import type { BridgeHealth, PocketPing } from '@pocketping/core';
import type { Platform } from './variables/index.js';

/** What this server's bridges look like from outside. */
export interface Outside {
  /** Configured, but left out because of its settings. */
  readonly leftOut: readonly Platform[];
  /** The bridge that takes a platform's calls, where it is not called like the platform. */
  readonly calledAs: ReadonlyMap<string, string>;
}

/** The engine, as the protocol sees it: its health counts the bridges that were left out, and each platform has one address to call. */
export const engineFor = (pp: PocketPing, { leftOut, calledAs }: Outside): Engine => ({
  conversation: pp.conversation,
  mirror: pp.mirror,
  clock: pp.clock,
  logger: pp.logger,
  webhook: (bridge, request) => pp.webhook(calledAs.get(bridge) ?? bridge, request),
  health: async () => {
    const { status, bridges } = await pp.health();
    if (leftOut.length === 0 || status === 'down') return { status, bridges };
    return { status: 'degraded', bridges: [...bridges, ...leftOut.map(missing)] };
  },
});

const missing = (name: Platform): BridgeHealth => ({
  name,
  state: 'stopped',
  backlog: 0,
  reason: 'misconfigured',
});
