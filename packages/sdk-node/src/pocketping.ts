import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { pocketping as expressMiddleware, type Middleware } from '@pocketping/adapter-express';
import { type FastifyPlugin, pocketping as fastifyPlugin } from '@pocketping/adapter-fastify';
import { type NextHandler, type NextHandlerOptions, nextHandler } from '@pocketping/adapter-next';
import { PocketPing as Engine, type StopOptions } from '@pocketping/core';
import { noticeFailures } from './call.js';
import {
  engineOptions,
  type PocketPingConfig,
  type ServingOptions,
  servingOptions,
  warnOfUnknown,
} from './config.js';
import { Kept } from './kept.js';
import { requireParts } from './parts.js';
import { remoteBridges, warnOfNoServer } from './remote.js';

/**
 * Live chat in a backend: the engine, with what mounts it in Express, Fastify and Next.js.
 *
 * It is core's class with more to it: what takes an engine takes it, and what the engine learns, it can. Methods that answer a promise
 * reject with a `PocketPingError`. A call that nobody waits for may fail, too: that is logged.
 *
 * @example
 * const pp = new PocketPing({ bridgeUrl: process.env.BRIDGE_URL, apiKey: process.env.POCKETPING_API_KEY });
 * app.use('/pocketping', pp.middleware());
 */
export class PocketPing extends Engine {
  static {
    noticeFailures(PocketPing.prototype, Engine.prototype);
  }

  readonly #express: Kept<ServingOptions, Middleware>;
  readonly #fastify: Kept<ServingOptions, FastifyPlugin>;
  readonly #next: Kept<NextHandlerOptions, NextHandler>;
  #stopped: Promise<void> | undefined;

  /**
   * @throws BridgeError `misconfigured` for a `bridgeUrl` or `apiKey` that cannot work
   * @throws PocketPingError for an option that cannot work, e.g. a storage that lacks methods; for a part whose package is missing, with
   *   the command that installs it; and for two bridges of one name. A name that is no option is a warning of the log.
   */
  constructor(config: PocketPingConfig = {}) {
    requireParts(config);
    const remote = remoteBridges(config);
    super(engineOptions(config));
    for (const bridge of remote) this.addBridge(bridge);
    warnOfUnknown(config, this.logger);
    warnOfNoServer(config, this.logger);
    const serving = servingOptions(config);
    const { closeWithinMs: _, ...nextServing } = serving;
    this.#express = new Kept((options) => expressMiddleware(this, { ...serving, ...options }));
    this.#fastify = new Kept((options) => fastifyPlugin(this, { ...serving, ...options }));
    this.#next = new Kept((options) => nextHandler(this, { ...nextServing, ...options }));
  }

  /**
   * Middleware for Express 4 and 5: `app.use('/pocketping', pp.middleware())`. WebSockets below the mount are taken with the first
   * request that comes through it, or by `attach`. @param options instead of those of the constructor
   * @throws TypeError for options that make no sense
   */
  middleware(options: ServingOptions = {}): Middleware {
    return this.#express.for(options);
  }

  /**
   * A plugin for Fastify 5: `fastify.register(pp.fastifyPlugin, { prefix: '/pocketping' })`. It brings its WebSockets.
   * @throws TypeError for options of the constructor that make no sense
   */
  get fastifyPlugin(): FastifyPlugin {
    return this.#fastify.for({});
  }

  /**
   * A route handler for `app/…/[...path]/route.ts` of Next.js: `export const GET = pp.nextHandler()`, and `POST` the same.
   * @param options instead of those of the constructor
   * @throws TypeError for options that make no sense, and for a bridge that needs a process which runs all the time
   */
  nextHandler(options: NextHandlerOptions = {}): NextHandler {
    return this.#next.for(options);
  }

  /**
   * Takes a server's requests for WebSockets below `path`, `/pocketping` by default. They are those of the middleware that was made last,
   * with its options; where there is none yet, of `middleware()`.
   * @param server what `app.listen()` returns
   * @returns a function that lets go of the server again
   * @throws TypeError for what is no server, such as the app
   */
  attach(server: HttpServer | HttpsServer, options: { readonly path?: string } = {}): () => void {
    return (this.#express.newest ?? this.middleware()).attach(server, options);
  }

  /**
   * Ends streams and WebSockets, lets running requests finish, and then handlers, which can use the engine until they have, for 30 seconds at
   * most; then ends the bridges and closes the storage. A stopped engine stays stopped.
   * @param options `keepStorage` leaves the storage open, for another engine that was given the same one
   */
  override stop(options: StopOptions = {}): Promise<void> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  async #stop(options: StopOptions): Promise<void> {
    try {
      await Promise.all([this.#express.close(), this.#fastify.close(), this.#next.close()]);
    } finally {
      await super.stop(options);
    }
  }
}
