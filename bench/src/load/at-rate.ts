import { performance } from 'node:perf_hooks';
import type { Connection } from './connection.js';
import { withConnections } from './pool.js';

/** As many requests may be under way at the same time; beyond that they wait, and their time runs. */
const CONNECTIONS = 64;

/**
 * Calls `act` at random moments, so many a second on average, whether or not what it began is over: as visitors do, who
 * do not wait for each other.
 */
export async function atRate(perSecond: number, ms: number, act: (sentAt: number) => void): Promise<void> {
  const start = performance.now();
  let due = start;
  while (due - start < ms) {
    due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    act(performance.now());
  }
}

/** The milliseconds that each answer took, of requests sent at a fixed rate. */
export const latencies = (
  port: number,
  next: () => string,
  { perSecond, ms }: { readonly perSecond: number; readonly ms: number },
): Promise<number[]> =>
  withConnections(port, CONNECTIONS, async (connections) => {
    const taken: number[] = [];
    const idle = [...connections];
    const waiting: number[] = [];
    let underWay = 0;
    let done: () => void = () => {};
    const ask = (connection: Connection, since: number) => {
      connection.send(next(), () => {
        taken.push(performance.now() - since);
        underWay--;
        const queued = waiting.shift();
        if (queued === undefined) idle.push(connection);
        else ask(connection, queued);
        if (underWay === 0) done();
      });
    };
    await atRate(perSecond, ms, (sentAt) => {
      underWay++;
      const connection = idle.pop();
      if (connection) ask(connection, sentAt);
      else waiting.push(sentAt);
    });
    await new Promise<void>((resolve) => {
      done = resolve;
      if (underWay === 0) resolve();
    });
    return taken;
  });
