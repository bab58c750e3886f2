import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import v8 from 'node:v8';
import { WebSocket } from 'ws';
import type { Measurement } from './messages.js';

/**
 * Counted rather than weighed: one forgotten room, timer or listener of each visitor shows as thousands, where in bytes
 * it would drown in noise.
 */
const CLASSES = {
  EventEmitter,
  Socket,
  WebSocket,
  AbortController,
  AbortSignal,
  Set,
  Map,
  Function,
  Promise,
  // Node names the class of its timers nowhere.
  Timeout: setTimeout(() => {}).unref().constructor,
};

/** Needs a process that runs with `--expose-gc`. */
export const measure = async (server: Server, withCounts: boolean): Promise<Measurement> => {
  const connections = await new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
  // What a finalizer or a close callback lets go of is collected by the next round.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed, bufferBytes: external, connections, counts: withCounts ? counted() : {} };
};

const counted = (): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const resource of process.getActiveResourcesInfo()) counts[resource] = (counts[resource] ?? 0) + 1;
  for (const [name, kind] of Object.entries(CLASSES)) {
    counts[name] = v8.queryObjects(kind, { format: 'count' });
  }
  return counts;
};
