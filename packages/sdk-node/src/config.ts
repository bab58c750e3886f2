import type { HandlerOptions } from '@pocketping/adapter-node';
import type { PocketPingOptions } from '@pocketping/core';

/** How the protocol is served: to which origins, behind which proxies, within which limits. Where, the framework says. */
export type ServingOptions = Omit<HandlerOptions, 'path'>;

/** What the engine takes, how it is served, and the server whose bridges the team answers from. All of it is optional. */
export interface PocketPingConfig extends PocketPingOptions, ServingOptions {
  /**
   * Where a PocketPing server is whose bridges the team answers from, e.g. `https://chat.example.com`. Bridges of this backend's own
   * may stand beside it. Undefined or empty, as an unset variable is, means none, and the log warns of it.
   */
  readonly bridgeUrl?: string | undefined;
  /** That server's `API_KEY`. A server without one answers its own machine only. */
  readonly apiKey?: string | undefined;
}
