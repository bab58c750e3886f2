import { performance } from 'node:perf_hooks';
import { withConnections } from './pool.js';
import { Turnstile } from './turnstile.js';

/** Requests that are under way at the same time; beyond that they wait, and their time runs. */
export const OPEN_CONNECTIONS = 64;

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
  withConnections(port, OPEN_CONNECTIONS, async (connections) => {
    const turnstile = new Turnstile(connections);
    const taken = new Awaited();
    await atRate(perSecond, ms, (sentAt) => {
      taken.expect();
      turnstile.send(next(), () => taken.arrived(sentAt));
    });
    return taken.all();
  });

/** How long each of many things took, once all of them are over. */
export class Awaited {
  readonly #taken: number[] = [];
  #missing = 0;
  #done: () => void = () => {};

  expect(): void {
    this.#missing++;
  }

  arrived(sentAt: number): void {
    this.#taken.push(performance.now() - sentAt);
    if (--this.#missing === 0) this.#done();
  }

  /** Milliseconds; to be called when nothing more is expected. */
  async all(): Promise<number[]> {
    await new Promise<void>((resolve) => {
      this.#done = resolve;
      if (this.#missing === 0) resolve();
    });
    return this.#taken;
  }
}
