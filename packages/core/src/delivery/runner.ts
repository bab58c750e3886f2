import { bridgeQueue, type Engine } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { BridgeHealth } from '../health.js';
import type { Instant } from '../model/index.js';
import type { Bridge, BridgeHost, IncomingWebhook, WebhookResponse } from '../ports/index.js';
import { Braking } from './braking.js';
import { CatchingUp } from './catching-up.js';
import { createHost, takeFrom } from './host.js';
import type { ConnectionLease, Fence } from './lease.js';
import { Pacer } from './pacer.js';
import { type Hold, Platform } from './platform.js';
import { Pump } from './pump.js';
import { Receipts } from './receipts.js';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const STANDBY_MS = 3000;
/** A visitor's typing is shown again no sooner than this; platforms show it for about as long. */
const TYPING_MS = 4000;

/** What the first attempt to start comes to. */
interface First {
  readonly settled: () => void;
  readonly failed: (error: unknown) => void;
}

/** Runs one bridge on this node, for as long as this node holds its lease. */
export class BridgeRunner {
  readonly bridge: Bridge;
  readonly #engine: Engine;
  readonly #node: string;
  readonly #lease: ConnectionLease;
  readonly #host: BridgeHost;
  readonly #pacer: Pacer;
  readonly #braking: Braking;
  readonly #catchingUp: CatchingUp;
  #stopping = new AbortController();
  readonly #typed = new Map<string, number>();
  #state: BridgeHealth['state'] = 'stopped';
  #pump: Pump | undefined;
  #platform: Platform | undefined;
  #loop: Promise<void> | undefined;
  #started: Promise<void> | undefined;

  constructor(bridge: Bridge, engine: Engine, node: string, lease: ConnectionLease) {
    this.bridge = bridge;
    this.#engine = engine;
    this.#node = node;
    this.#lease = lease;
    this.#pacer = new Pacer(bridge.pacing, engine.clock);
    this.#braking = new Braking(bridge.name, engine.clock, engine.logger);
    const braking = this.#braking;
    this.#catchingUp = new CatchingUp(engine, bridge, {
      hears: () => braking.reason === undefined,
      take: takeFrom(engine, bridge),
    });
    this.#host = createHost(engine, bridge, {
      braking,
      catchingUp: this.#catchingUp,
      wake: () => this.wake(),
    });
  }

  /** Who takes what the platform sends by itself; undefined where the bridge does not want to be called. */
  receiver(): ((request: IncomingWebhook) => Promise<WebhookResponse>) | undefined {
    const { webhook } = this.bridge;
    if (!webhook) return undefined;
    const receive = webhook.receiver(this.#host);
    return async ({ headers, body }) => {
      if (webhook.admits && !webhook.admits(headers)) return { status: 401 };
      return receive({ headers, body: typeof body === 'function' ? await body() : body });
    };
  }

  /**
   * Starts the bridge, or stands by for the node that has it. Resolves when that is settled, also when the platform
   * cannot be reached right now. @throws BridgeError `unauthorized` or `misconfigured`: a person has to act. The bridge
   * keeps trying until `stop`.
   */
  start(): Promise<void> {
    this.#started ??= new Promise((settled, failed) => {
      this.#state = 'starting';
      this.#stopping = new AbortController();
      this.#loop = this.#run({ settled, failed });
    });
    return this.#started;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#started = undefined;
    this.#state = 'stopped';
  }

  wake(): void {
    this.#pump?.wake();
  }

  async health(): Promise<BridgeHealth> {
    const backlog = await this.#engine.storage.tasks.count(bridgeQueue(this.bridge.name));
    const { reason } = this.#braking;
    const state = this.#state === 'up' && reason !== undefined ? 'paused' : this.#state;
    const failing = this.#pump?.failing ?? 0;
    return {
      name: this.bridge.name,
      state,
      backlog,
      ...(failing > 0 && { failing }),
      ...(reason !== undefined && { reason }),
    };
  }

  /** Shows that the visitor types, if this node has the bridge and its budget is nowhere near used up. */
  showTyping(sessionId: string): void {
    const { typing, name } = this.bridge;
    const platform = this.#platform;
    const now = this.#engine.clock.now();
    if (!typing || !platform || now - (this.#typed.get(sessionId) ?? 0) < TYPING_MS) return;
    for (const [id, at] of this.#typed) if (now - at >= TYPING_MS) this.#typed.delete(id);
    this.#typed.set(sessionId, now);
    void this.#engine.storage
      .thread({ bridge: name, sessionId })
      .then((thread) => thread && platform.spare(thread, (signal) => typing.show(thread, { signal })))
      .catch((err: unknown) => this.#engine.logger.debug({ err, bridge: name }, 'typing was not shown'));
  }

  async #run(first: First): Promise<void> {
    const { signal } = this.#stopping;
    const { clock, logger } = this.#engine;
    const lease = this.#lease;
    lease.join();
    while (!signal.aborted) {
      try {
        const asked = clock.now();
        const token = await lease.take(LEASE_MS);
        if (token === null) {
          this.#state = 'standby';
          first.settled();
          await clock.sleep(STANDBY_MS, signal);
        } else {
          await this.#serve({ lease: lease.name, token }, asked, signal, first);
        }
      } catch (err) {
        logger.error({ err, bridge: this.bridge.name }, 'the bridge could not be run; trying again');
        first.settled();
        await clock.sleep(STANDBY_MS, signal);
      }
    }
    first.settled();
    await lease.leave();
  }

  /** Everything that is done under the lease; returns when it is lost, or when the runner stops. */
  async #serve(fence: Fence, asked: Instant, stopping: AbortSignal, first: First): Promise<void> {
    const held = new AbortController();
    const letGo = () => held.abort();
    stopping.addEventListener('abort', letGo, { once: true });
    if (stopping.aborted) letGo();
    const lease = { until: asked + LEASE_MS };
    const renewing = this.#renew(fence, held, lease);
    const over = aborted(held.signal);
    try {
      while (!held.signal.aborted) {
        try {
          this.#catchingUp.begin();
          await Promise.race([this.bridge.start(this.#host), over]);
          break;
        } catch (error) {
          await this.#startFailed(error, first, held.signal);
        }
      }
      if (!held.signal.aborted) {
        this.#state = 'up';
        this.#started = Promise.resolve();
        this.#braking.healed();
        first.settled();
        await this.#pumpUntil(fence, held, () => lease.until);
      }
    } finally {
      held.abort();
      stopping.removeEventListener('abort', letGo);
      this.#pump = undefined;
      this.#platform = undefined;
      this.#catchingUp.end();
      await this.bridge.stop().catch((err: unknown) => {
        this.#engine.logger.warn({ err, bridge: this.bridge.name }, 'the bridge did not stop cleanly');
      });
      await renewing;
    }
  }

  async #pumpUntil(fence: Fence, held: AbortController, until: () => number): Promise<void> {
    const brake = this.#braking;
    const hold: Hold = { signal: held.signal, until };
    this.#platform = new Platform(this.bridge, this.#engine, this.#pacer, hold, () => brake.release());
    this.#pump = new Pump(this.#engine, this.#platform, {
      node: this.#node,
      fence,
      brake,
      lost: () => held.abort(),
    });
    const receipts = new Receipts(this.#engine, this.#platform, { node: this.#node, brake });
    await Promise.all([
      this.#pump.run(held.signal),
      receipts.run(held.signal),
      this.#catchingUp.run(fence, held.signal, () => held.abort()),
    ]);
  }

  async #startFailed(error: unknown, first: First, signal: AbortSignal): Promise<void> {
    const known = BridgeError.isInstance(error)
      ? error
      : new BridgeError('unavailable', `it could not start: ${String(error)}`, { cause: error });
    this.#state = 'paused';
    this.#braking.apply(known);
    if (known.code === 'unauthorized' || known.code === 'misconfigured') first.failed(known);
    else first.settled();
    await this.#braking.released(signal);
  }

  /** Keeps the lease; when that fails for so long that somebody else may have it, everything under it ends. */
  async #renew(fence: Fence, held: AbortController, lease: { until: number }): Promise<void> {
    const { clock, logger } = this.#engine;
    while (!held.signal.aborted) {
      await clock.sleep(RENEW_MS, held.signal);
      if (held.signal.aborted) return;
      try {
        const asked = clock.now();
        const token = await this.#lease.take(LEASE_MS);
        if (token !== fence.token) break;
        lease.until = asked + LEASE_MS;
      } catch (err) {
        logger.warn({ err, bridge: this.bridge.name }, 'could not renew the lease; trying again');
        if (clock.now() + RENEW_MS >= lease.until) break;
      }
    }
    if (!held.signal.aborted) {
      logger.warn(
        { bridge: this.bridge.name },
        'another node may have the bridge now; this one lets go of it',
      );
      held.abort();
    }
  }
}

/** Resolves when a signal is aborted. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
