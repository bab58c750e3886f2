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

/** Asks as fast as the server answers, for a time or a number of requests, whichever ends first. */
export const saturate = (
  port: number,
  next: () => string,
  { ms, requests = Number.POSITIVE_INFINITY }: { readonly ms: number; readonly requests?: number },
): Promise<Throughput> =>
  withConnections(
    port,
    CONNECTIONS,
    (connections) =>
      new Promise((resolve) => {
        let sent = 0;
        let answered = 0;
        const before = performance.eventLoopUtilization();
        const start = performance.now();
        const ask = (connection: Connection) => {
          sent++;
          connection.send(next(), () => {
            answered++;
            const now = performance.now();
            if (now - start < ms && sent < requests) ask(connection);
            else if (answered === sent) {
              const { utilization } = performance.eventLoopUtilization(before);
              resolve({ answered, ms: now - start, busy: utilization });
            }
          });
        };
        for (const connection of connections) if (sent < requests) ask(connection);
      }),
  );
