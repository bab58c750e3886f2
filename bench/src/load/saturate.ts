import { performance } from 'node:perf_hooks';
import type { Connection } from './connection.js';
import { withConnections } from './pool.js';

/** Connections that have a request under way at any time: enough that the server never waits for one. */
const CONNECTIONS = 48;

export interface Throughput {
  readonly answered: number;
  readonly ms: number;
  /** The share of the time in which the load's own process had something to do: near 1, it is what is measured. */
  readonly busy: number;
}

/**
 * Asks as fast as the server answers, for a time or a number of requests, whichever ends first. It does not sleep in between: whoever
 * sends to a core that sleeps pays for waking it up, and of two servers the slower one would pay more often.
 */
export const saturate = (
  port: number,
  next: () => string,
  { ms, requests = Number.POSITIVE_INFINITY }: { readonly ms: number; readonly requests?: number },
): Promise<Throughput> => {
  const vigil = new Vigil(() => answered);
  let sent = 0;
  let answered = 0;
  return withConnections(
    port,
    CONNECTIONS,
    (connections) =>
      new Promise<Throughput>((resolve) => {
        const start = performance.now();
        vigil.begin();
        const ask = (connection: Connection) => {
          sent++;
          connection.send(next(), () => {
            answered++;
            const now = performance.now();
            if (now - start < ms && sent < requests) ask(connection);
            else if (answered === sent) resolve({ answered, ms: now - start, busy: vigil.busy });
          });
        };
        for (const connection of connections) if (sent < requests) ask(connection);
      }),
  ).finally(() => vigil.end());
};

/**
 * Keeps the event loop turning, and tells in which share of the time there was something to do: a turn in which nothing was done
 * counts as idle, though a part of an answer may have come.
 */
class Vigil {
  readonly #done: () => number;
  #beganAt = 0;
  #turnedAt = 0;
  #doneThen = 0;
  #idleMs = 0;
  #next: NodeJS.Immediate | undefined;

  /** @param done how much has been done by now */
  constructor(done: () => number) {
    this.#done = done;
  }

  begin(): void {
    this.#beganAt = performance.now();
    this.#turnedAt = this.#beganAt;
    this.#next = setImmediate(() => this.#turn());
  }

  get busy(): number {
    return 1 - this.#idleMs / (performance.now() - this.#beganAt);
  }

  end(): void {
    clearImmediate(this.#next);
  }

  #turn(): void {
    const now = performance.now();
    const done = this.#done();
    if (done === this.#doneThen) this.#idleMs += now - this.#turnedAt;
    this.#turnedAt = now;
    this.#doneThen = done;
    this.#next = setImmediate(() => this.#turn());
  }
}
