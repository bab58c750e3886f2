import { bridgeQueue, type Engine } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { BridgeHealth } from '../health.js';
import { typeable } from '../operators/commands/registry.js';
import { receive } from '../operators/receive.js';
import type { Bridge, BridgeHost } from '../ports/index.js';
import { Braking } from './braking.js';
import type { Fence } from './lane.js';
import { Pacer } from './pacer.js';
import { Platform } from './platform.js';
import { Pump } from './pump.js';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const STANDBY_MS = 3000;
/** A visitor's typing is shown again no sooner than this; platforms show it for about as long. */
const TYPING_MS = 4000;

/** Runs one bridge on this node, for as long as this node holds its lease. */
export class BridgeRunner {
  readonly bridge: Bridge;
  readonly #engine: Engine;
  readonly #node: string;
  readonly #pacer: Pacer;
  readonly #braking: Braking;
  #stopping = new AbortController();
  readonly #typed = new Map<string, number>();
  #state: BridgeHealth['state'] = 'stopped';
  #pump: Pump | undefined;
  #platform: Platform | undefined;
  #loop: Promise<void> | undefined;

  constructor(bridge: Bridge, engine: Engine, node: string) {
    this.bridge = bridge;
    this.#engine = engine;
    this.#node = node;
    this.#pacer = new Pacer(bridge.pacing, engine.clock);
    this.#braking = new Braking(bridge.name, engine.clock, engine.logger);
  }

  /**
   * Starts the bridge, or stands by for the node that has it. Resolves when that is settled, also when the platform
   * cannot be reached right now. @throws BridgeError `unauthorized` or `misconfigured`: a person has to act. The bridge
   * keeps trying until `stop`.
   */
  start(): Promise<void> {
    this.#state = 'starting';
    this.#stopping = new AbortController();
    return new Promise((settled, failed) => {
      this.#loop = this.#run({ settled, failed });
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#state = 'stopped';
  }

  wake(): void {
    this.#pump?.wake();
  }

  async health(): Promise<BridgeHealth> {
    const backlog = await this.#engine.storage.tasks.count(bridgeQueue(this.bridge.name));
    const { reason } = this.#braking;
    const state = this.#state === 'up' && reason !== undefined ? 'paused' : this.#state;
    return { name: this.bridge.name, state, backlog, ...(reason !== undefined && { reason }) };
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

  async #run(first: { settled: () => void; failed: (error: unknown) => void }): Promise<void> {
    const { signal } = this.#stopping;
    const { clock, storage, logger } = this.#engine;
    const lease = `bridge/${this.bridge.name}`;
    while (!signal.aborted) {
      try {
        const token = await storage.lease.take(lease, this.#node, LEASE_MS);
        if (token === null) {
          this.#state = 'standby';
          first.settled();
          await clock.sleep(STANDBY_MS, signal);
        } else {
          await this.#serve({ lease, token }, first);
        }
      } catch (err) {
        logger.error({ err, bridge: this.bridge.name }, 'the bridge could not be run; trying again');
        first.settled();
        await clock.sleep(STANDBY_MS, signal);
      }
    }
    first.settled();
    await storage.lease.release(lease, this.#node).catch(() => {
      // It ends by itself.
    });
  }

  /** Everything that is done under the lease; returns when it is lost, or when the runner stops. */
  async #serve(
    fence: Fence,
    first: { settled: () => void; failed: (error: unknown) => void },
  ): Promise<void> {
    const held = new AbortController();
    const letGo = () => held.abort();
    this.#stopping.signal.addEventListener('abort', letGo, { once: true });
    if (this.#stopping.signal.aborted) letGo();
    const renewing = this.#renew(fence, held);
    try {
      while (!held.signal.aborted) {
        try {
          await this.bridge.start(this.#host());
          break;
        } catch (error) {
          await this.#startFailed(error, first, held.signal);
        }
      }
      if (!held.signal.aborted) {
        this.#state = 'up';
        this.#braking.release();
        first.settled();
        await this.#pumpUntil(fence, held);
      }
    } finally {
      held.abort();
      this.#stopping.signal.removeEventListener('abort', letGo);
      this.#pump = undefined;
      this.#platform = undefined;
      await this.bridge.stop().catch((err: unknown) => {
        this.#engine.logger.warn({ err, bridge: this.bridge.name }, 'the bridge did not stop cleanly');
      });
      await renewing;
    }
  }

  async #pumpUntil(fence: Fence, held: AbortController): Promise<void> {
    const brake = this.#braking;
    this.#platform = new Platform(this.bridge, this.#engine, this.#pacer, held.signal, () => brake.release());
    this.#pump = new Pump(this.#engine, this.#platform, {
      node: this.#node,
      fence,
      brake,
      lost: () => held.abort(),
    });
    await this.#pump.run(held.signal);
  }

  async #startFailed(
    error: unknown,
    first: { settled: () => void; failed: (error: unknown) => void },
    signal: AbortSignal,
  ): Promise<void> {
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
  async #renew(fence: Fence, held: AbortController): Promise<void> {
    const { clock, storage, logger } = this.#engine;
    let until = clock.now() + LEASE_MS;
    while (!held.signal.aborted) {
      await clock.sleep(RENEW_MS, held.signal);
      if (held.signal.aborted) return;
      try {
        const asked = clock.now();
        const token = await storage.lease.take(fence.lease, this.#node, LEASE_MS);
        if (token !== fence.token) break;
        until = asked + LEASE_MS;
      } catch (err) {
        logger.warn({ err, bridge: this.bridge.name }, 'could not renew the lease; trying again');
        if (clock.now() + RENEW_MS >= until) break;
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

  #host(): BridgeHost {
    const engine = this.#engine;
    const { bridge } = this;
    return {
      logger: engine.logger,
      clock: engine.clock,
      commands: typeable(bridge),
      receive: (inbound) => receive(engine, bridge, inbound),
      typing: (thread, operator) => {
        void engine.storage
          .thread({ bridge: bridge.name, ...thread })
          .then((found) => {
            if (!found) return;
            engine.hub.signal(found.sessionId, {
              type: 'typing',
              sender: 'operator',
              name: operator.name,
              isTyping: true,
            });
          })
          .catch((err: unknown) => engine.logger.debug({ err, bridge: bridge.name }, 'typing was not shown'));
      },
      broken: (error) => {
        const known = BridgeError.isInstance(error)
          ? error
          : new BridgeError('unavailable', String(error), { cause: error });
        this.#braking.note(known);
      },
      healed: () => {
        this.#braking.release();
        this.wake();
      },
    };
  }
}
