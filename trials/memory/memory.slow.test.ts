import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleServer } from '../server/bundle.js';
import type { Measurement } from '../server/messages.js';
import { ServerProcess } from '../server/process.js';
import { until } from '../until.js';
import { Crowd } from './crowd.js';

/** Streams that are open at the same time. */
const STREAMS = 2000;
const CYCLES = 3;
/**
 * Visitors after whom, with the first crowd, everything of bounded size is full: of visitors and sessions that were there
 * lately, two generations of 5,000 are remembered.
 */
const WARM_UP = 8000;

/**
 * Bytes by which the heap may differ: what the collector has not got to, maps that are filled and emptied, and generations
 * of what is remembered, half of which may have just been let go. A kilobyte kept of each visitor would be more.
 */
const HEAP_BYTES = 5 * 1024 * 1024;

let bundle: Bundle;
let server: ServerProcess;
let fullHouse: Measurement;
let first: Measurement;
const later: Measurement[] = [];

beforeAll(async () => {
  bundle = await bundleServer();
  server = new ServerProcess(
    bundle.program,
    { file: join(bundle.folder, 'memory.db'), port: 0, quietPlatform: true },
    ['--expose-gc'],
  );
  const url = `http://127.0.0.1:${await server.listening}/pocketping`;
  const look = async () => {
    fullHouse = await server.measure({ counts: true });
  };
  await new Crowd(url, 'passers-by').passBy(WARM_UP);
  await new Crowd(url, 'crowd-0').visit(STREAMS, look);
  first = await empty();
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    await new Crowd(url, `crowd-${cycle}`).visit(STREAMS, async () => {});
    later.push(await empty());
  }
  const megabytes = [fullHouse, first, ...later].map(
    ({ heapBytes }) => `${(heapBytes / 2 ** 20).toFixed(1)} MB`,
  );
  console.log(`the heap with ${STREAMS} streams, and after each time they had gone: ${megabytes.join(', ')}`);
}, 400_000);

afterAll(async () => {
  await server?.kill();
  bundle?.remove();
});

/** What the server holds once everybody is gone and everything is delivered. */
const empty = async (): Promise<Measurement> => {
  await until(async () => (await server.measure()).connections === 0, 'everybody is gone');
  return server.measure({ counts: true });
};

describe(`when ${STREAMS} sessions with a stream each have come and gone, and others after them`, () => {
  it('nothing was logged, and the sessions were there', () => {
    expect(server.logged).toEqual([]);
    expect(fullHouse.connections).toBeGreaterThanOrEqual(STREAMS);
    expect(fullHouse.heapBytes - first.heapBytes).toBeGreaterThan(HEAP_BYTES);
  });

  it('the heap is as large as after the first ones', () => {
    for (const { heapBytes } of later) expect(heapBytes - first.heapBytes).toBeLessThan(HEAP_BYTES);
  });

  // What one forgets of each visitor adds up to thousands.
  it.each<[string, number]>([
    ['Socket', 20],
    ['WebSocket', 20],
    ['EventEmitter', 20],
    ['Timeout', 20],
    ['AbortController', 20],
    ['AbortSignal', 20],
    ['Set', 20],
    ['Map', 20],
    ['Promise', 500],
    ['Function', 500],
  ])('no %s is left', (name, tolerated) => {
    for (const { counts } of later) {
      expect((counts[name] ?? 0) - (first.counts[name] ?? 0)).toBeLessThanOrEqual(tolerated);
    }
    expect(Object.keys(first.counts)).toContain(name);
  });

  // What each of ten thousand idle visitors has for itself is what the server runs out of first.
  it.each(['Timeout', 'AbortController', 'AbortSignal', 'Set', 'Map', 'Promise'])(
    'no stream has a %s of its own while nothing happens',
    (name) => {
      expect((fullHouse.counts[name] ?? 0) - (first.counts[name] ?? 0)).toBeLessThan(STREAMS / 10);
    },
  );

  it.each(['Socket', 'WebSocket', 'EventEmitter', 'Function'])(
    'a %s left by each would have been seen',
    (name) => {
      expect((fullHouse.counts[name] ?? 0) - (first.counts[name] ?? 0)).toBeGreaterThan(STREAMS / 2);
    },
  );
});
