import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Populated, Population } from './control.js';

/** What our adapters stand on. */
export type Framework = 'node' | 'express' | 'fastify' | 'next';

/** What a server process is: ours, or a floor. */
export type Kind =
  | { readonly subject: 'echo'; readonly framework: Framework }
  | { readonly subject: 'insert' }
  | { readonly subject: 'sockets' }
  | EngineKind;

export interface EngineKind {
  readonly subject: 'pocketping';
  readonly framework: Framework;
  readonly storage: 'memory' | 'sqlite';
  /** A bridge, and the milliseconds that each of its calls takes; no bridge without it. */
  readonly bridgeMs?: number;
}

/** A server that listens, and what it can do for a measurement besides serving. */
export interface Subject {
  readonly port: number;
  populate?(population: Population): Promise<Populated>;
  /** Sends something to every socket. */
  broadcast?(): void;
}

/** Starts a server on this machine alone. @returns its port */
export const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.keepAliveTimeout = 60_000;
    server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
