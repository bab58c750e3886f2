import type { HandlerOptions } from '@pocketping/adapter-node';
import { ENGINE_OPTIONS, type Logger, type PocketPingOptions, unknownOptions } from '@pocketping/core';

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

const SERVING: Readonly<Record<keyof ServingOptions, true>> = {
  bridgeApi: true,
  origins: true,
  trustProxy: true,
  uploadMethod: true,
  rateLimits: true,
  streamBufferBytes: true,
  streamsPerVisitor: true,
  streams: true,
  pendingSockets: true,
  closeWithinMs: true,
};

const SERVING_OPTIONS = Object.keys(SERVING);

/** What of it the engine takes. */
export const engineOptions = (config: PocketPingConfig): PocketPingOptions => only(config, ENGINE_OPTIONS);

/** What of it says how the protocol is served. */
export const servingOptions = (config: PocketPingConfig): ServingOptions => only(config, SERVING_OPTIONS);

/** Says in the log which names are none: in plain JavaScript a slip goes unnoticed. */
export const warnOfUnknown = (config: PocketPingConfig, logger: Logger): void => {
  const known = [...ENGINE_OPTIONS, ...SERVING_OPTIONS, 'bridgeUrl', 'apiKey'];
  for (const problem of unknownOptions(config, known)) logger.warn({}, problem);
};

const only = (config: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
