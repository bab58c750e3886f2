import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler, type Handler } from '@pocketping/adapter-node';
import { type Clock, MemoryFileStore, MemoryStorage, PocketPing, systemClock } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { Desk } from './desk.js';

export const API_KEY = 'key-of-the-server';

/** What becomes of a request before the server sees it, or after; undefined for what is served as usual. */
export type Accident = (request: IncomingMessage, response: ServerResponse, serve: () => void) => void;

/** A PocketPing server whose team answers from a desk. It can lose its data, be away, and have accidents. */
export class DeskServer {
  readonly clock: Clock;
  readonly logger = recordingLogger();
  readonly #server: Server;
  #storage: MemoryStorage;
  #engine: PocketPing | undefined;
  #handler: Handler | undefined;
  #port = 0;
  #aheadMs = 0;
  desk = new Desk();
  /** Strikes the next request that tells of something. */
  accident: Accident | undefined;

  static async start(clock: Clock = systemClock): Promise<DeskServer> {
    const server: DeskServer = new DeskServer({ ...clock, now: () => clock.now() + server.#aheadMs });
    await server.#begin();
    return server;
  }

  private constructor(clock: Clock) {
    this.clock = clock;
    this.#storage = new MemoryStorage({ clock });
    this.#server = createServer((request, response) => {
      const { accident } = this;
      const serve = () => this.#handler?.handle(request, response);
      if (!accident || request.method !== 'POST') return serve();
      this.accident = undefined;
      accident(request, response, serve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get engine(): PocketPing {
    if (!this.#engine) throw new Error('The server is away');
    return this.#engine;
  }

  get storage(): MemoryStorage {
    return this.#storage;
  }

  /** Its clock goes ahead by so much at once; timers run as long as they did. */
  skip(ms: number): void {
    this.#aheadMs += ms;
  }

  /** It answers nobody, and nobody can reach it. Its data and its desk stay. */
  async leave(): Promise<void> {
    await this.#end();
  }

  async comeBack(): Promise<void> {
    await this.#begin();
  }

  /** It comes back without anything it knew; the desk is another one. */
  async loseEverything(): Promise<void> {
    await this.#end();
    this.#storage = new MemoryStorage({ clock: this.clock });
    this.desk = new Desk();
    await this.#begin();
  }

  async close(): Promise<void> {
    if (this.#engine) await this.#end();
  }

  async #begin(): Promise<void> {
    const { clock, logger, desk } = this;
    this.#engine = new PocketPing({
      storage: this.#storage,
      files: new MemoryFileStore(),
      uploads: { perVisitor: { files: 1e6, bytes: 1e12 } },
      bridge: desk.bridge,
      clock,
      logger,
    });
    await this.#engine.start();
    this.#handler = createHandler(this.#engine, {
      path: '/',
      bridgeApi: { apiKey: API_KEY },
      rateLimits: false,
      closeWithinMs: 100,
    });
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #end(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    await this.#handler?.close();
    await this.#engine?.stop();
    this.#engine = undefined;
  }
}
