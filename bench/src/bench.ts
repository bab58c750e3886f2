import type { Figure } from './figure.js';
import type { Pinning } from './pinning.js';
import { type Server, startServer } from './server/process.js';
import type { Kind } from './server/subject.js';

/** One row of the suite. It may come to several lines of the table. */
export interface Row {
  readonly name: string;
  readonly title: string;
  measure(bench: Bench): Promise<Figure[]>;
}

export interface Settings {
  /** How long a round lasts. */
  readonly ms: number;
  /** Rounds of each side. */
  readonly runs: number;
  readonly profile: boolean;
}

/** What the profiler saw of one round. */
export interface Profiled {
  readonly file: string;
  readonly requests?: number;
}

/** What a row measures with: servers, which end with the row. */
export class Bench {
  readonly settings: Settings;
  readonly #pinning: Pinning;
  readonly #servers: Server[] = [];
  readonly #profiles: Profiled[] = [];

  constructor(settings: Settings, pinning: Pinning) {
    this.settings = settings;
    this.#pinning = pinning;
  }

  async start(kind: Kind): Promise<Server> {
    const server = await startServer(kind, this.#pinning.onServerCore);
    this.#servers.push(server);
    return server;
  }

  /**
   * Runs something against one of our servers, under the profiler if that is wanted.
   * @param requests how many requests the result stands for
   */
  async profiled<T>(server: Server, run: () => Promise<T>, requests?: (result: T) => number): Promise<T> {
    if (!this.settings.profile) return run();
    await server.call('startProfile');
    const result = await run();
    const file = await server.call('stopProfile');
    this.#profiles.push({ file, ...(requests && { requests: requests(result) }) });
    return result;
  }

  /** Stops all servers. @returns the profiles that were made */
  async end(): Promise<Profiled[]> {
    await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
    return this.#profiles.splice(0);
  }
}
