import { HANDLER_OPTIONS, type HandlerOptions } from '@pocketping/adapter-node';
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

type Own = Exclude<keyof PocketPingConfig, keyof PocketPingOptions | keyof ServingOptions>;
const OWN: Readonly<Record<Own, true>> = { bridgeUrl: true, apiKey: true };

/** Where it is served, the framework says. */
const SERVING_OPTIONS = HANDLER_OPTIONS.filter((name) => name !== 'path');

/** What of it the engine takes. */
export const engineOptions = (config: PocketPingConfig): PocketPingOptions => only(config, ENGINE_OPTIONS);

/** What of it says how the protocol is served. */
export const servingOptions = (config: PocketPingConfig): ServingOptions => only(config, SERVING_OPTIONS);

/** Says in the log which names are none: in plain JavaScript a slip goes unnoticed. */
export const warnOfUnknown = (config: PocketPingConfig, logger: Logger): void => {
  const known = [...ENGINE_OPTIONS, ...SERVING_OPTIONS, ...Object.keys(OWN)];
  for (const problem of unknownOptions(config, known)) logger.warn({}, problem);
};

const only = (config: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
