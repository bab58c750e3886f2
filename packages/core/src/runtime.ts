import { TokenCache } from './access/token-cache.js';
import type { Files } from './attachments/files.js';
import { FileWorker } from './attachments/worker.js';
import { isName } from './bridging/options.js';
import { Callbacks } from './callbacks.js';
import type { Conversation } from './conversation/conversation.js';
import { createConversation } from './conversation/create.js';
import { drain } from './delivery/drain.js';
import { ConnectionLeases } from './delivery/lease.js';
import { BridgeRunner } from './delivery/runner.js';
import { bridgeQueue, type Engine } from './engine.js';
import { engineStopped, PocketPingError } from './errors.js';
import { Broadcasts } from './events/broadcasts.js';
import type { Drained, Health } from './health.js';
import { newId } from './ids.js';
import { Feed } from './log/feed.js';
import { Hub } from './log/hub.js';
import { createLog } from './log/log.js';
import { createMirror, type Mirror } from './mirror/mirror.js';
import { Commands } from './operators/commands/registry.js';
import type { SiteCommand } from './operators/commands/site-command.js';
import { Presence } from './operators/presence.js';
import { requireBridge } from './options/check.js';
import type { StopOptions } from './options/stop.js';
import type {
  Bridge,
  Broker,
  Clock,
  IncomingWebhook,
  Logger,
  StoragePort,
  WebhookResponse,
} from './ports/index.js';
import { Alarm } from './tasks/alarm.js';

interface Ports {
  readonly storage: StoragePort;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly welcomeMessage: string | undefined;
  readonly commands: readonly SiteCommand[];
  readonly files: Files | undefined;
  readonly quietEvents: readonly string[];
}

/** The engine's parts, put together and brought to life. */
export class Runtime {
  readonly engine: Engine;
  readonly callbacks: Callbacks;
  readonly conversation: Conversation;
  readonly mirror: Mirror;
  readonly broadcasts: Broadcasts;
  readonly #ports: Ports;
  readonly #node: string;
  readonly #hub: Hub;
  readonly #feed: Feed;
  readonly #presence: Presence;
  readonly #bridges: string[] = [];
  readonly #receiptBridges: string[] = [];
  readonly #runners = new Map<string, BridgeRunner>();
  readonly #leases: ConnectionLeases;
  readonly #receivers = new Map<string, NonNullable<ReturnType<BridgeRunner['receiver']>>>();
  #prepared: Promise<void> | undefined;
  #begun: Promise<void> | undefined;
  #initialised = false;
  #ready = false;
  #stopped: Promise<void> | undefined;
  readonly #alarm: Alarm;
  readonly #byName = new Map<string, Bridge>();
  readonly #fileWorker: FileWorker | undefined;

  constructor(ports: Ports) {
    const { storage, broker, clock, logger } = ports;
    this.#ports = ports;
    this.#node = newId('request', clock.now());
    this.#leases = new ConnectionLeases(this.#node, storage.lease);
    this.callbacks = new Callbacks(clock, logger);
    this.#hub = new Hub(this.#node, ports);
    this.#alarm = new Alarm(this.#node, broker, (queues) => this.#wakeHere(queues));
    this.#feed = new Feed(ports);
    this.#presence = new Presence({ storage, broker, clock, logger, hub: this.#hub });
    this.broadcasts = new Broadcasts(this.#node, { broker, clock, hub: this.#hub });
    const byName = this.#byName;
    this.engine = {
      storage,
      clock,
      logger,
      hub: this.#hub,
      feed: this.#feed,
      presence: this.#presence,
      commands: new Commands(ports.commands),
      tokens: new TokenCache(),
      welcomeMessage: ports.welcomeMessage,
      files: ports.files,
      quietEvents: new Set(ports.quietEvents),
      bridges: this.#bridges,
      receiptBridges: this.#receiptBridges,
      // A bridge may learn only from its platform how people mention it.
      get commandPrefixes() {
        return [...byName.values()].map(({ commandPrefix }) => commandPrefix);
      },
      log: createLog({
        storage,
        hub: this.#hub,
        callbacks: this.callbacks,
        feed: this.#feed,
        wake: (queues) => this.#alarm.wake(queues),
      }),
      showTyping: (sessionId) => {
        for (const runner of this.#runners.values()) runner.showTyping(sessionId);
      },
    };
    if (ports.files) this.#fileWorker = new FileWorker(this.engine, this.#node, this.#byName);
    this.conversation = createConversation(this.engine, () =>
      this.#ready && this.#begun && !this.#stopped ? undefined : this.#readyToTake(),
    );
    this.mirror = createMirror(this.engine, () => this.#readyToTake());
  }

  addBridge(bridge: Bridge): void {
    requireBridge(bridge);
    if (!isName(bridge.name)) {
      throw new PocketPingError(
        'validation_failed',
        `The bridge name ${JSON.stringify(bridge.name)} must be 1 to 32 lower-case letters, digits and dashes.`,
      );
    }
    if (this.#runners.has(bridge.name)) {
      throw new PocketPingError(
        'conflict',
        `There is a bridge named ${bridge.name} already. Give each its own name, e.g. { name: '${bridge.name}-2' }.`,
      );
    }
    this.engine.commands.checkGestures(bridge);
    const runner = new BridgeRunner(bridge, this.engine, this.#node, this.#leases.of(bridge));
    this.#bridges.push(bridge.name);
    this.#byName.set(bridge.name, bridge);
    if (bridge.receipts) this.#receiptBridges.push(bridge.name);
    this.#runners.set(bridge.name, runner);
    const receiver = runner.receiver();
    if (receiver) this.#receivers.set(bridge.name, receiver);
    // A running engine starts it at once; one that is preparing, when it is prepared.
    if (this.#begun && !this.#stopped) void this.#begun.then(() => this.#begin(runner)).catch(() => {});
    for (const sibling of bridge.siblings ?? []) this.addBridge(sibling);
  }

  /** Resolves when conversations can be had; bridges start in the background and tell the log what is wrong. */
  async ready(): Promise<void> {
    if (this.#ready && this.#begun) return;
    if (!this.#begun) {
      const begun = this.#prepare().then(() => {
        for (const runner of this.#runners.values()) void this.#begin(runner);
      });
      this.#begun = begun;
      begun.catch(() => {
        this.#begun = undefined;
      });
    }
    await this.#prepare();
  }

  /** The same for visitors and for backends, of whom nothing is taken any more once it is to stop. */
  #readyToTake(): Promise<void> {
    return this.#stopped ? Promise.reject(engineStopped()) : this.ready();
  }

  /** What it rejects with, runs nothing, unless the engine was in use already. */
  async start(): Promise<void> {
    const first = !this.#begun;
    const prepared = this.#prepare();
    this.#begun ??= prepared;
    try {
      await prepared;
      await this.#startAll(first);
    } catch (error) {
      if (first) this.#begun = undefined;
      throw error;
    }
  }

  /** @throws `not_found` when no bridge of that name wants to be called. */
  async webhook(bridge: string, request: IncomingWebhook): Promise<WebhookResponse> {
    const receiver = this.#receivers.get(bridge);
    if (!receiver) throw new PocketPingError('not_found', 'No bridge takes webhooks here.');
    await this.ready();
    return receiver(request);
  }

  stop(options: StopOptions): Promise<void> {
    this.#stopped ??= this.#stopAll(options);
    return this.#stopped;
  }

  async health(): Promise<Health> {
    try {
      await this.ready();
      await this.#ports.storage.heads([]);
      const bridges = await Promise.all([...this.#runners.values()].map((runner) => runner.health()));
      const well = bridges.every(
        ({ state, failing = 0 }) => failing === 0 && (state === 'up' || state === 'standby'),
      );
      return { status: well ? 'ok' : 'degraded', bridges };
    } catch (err) {
      this.#ports.logger.error({ err }, 'the storage does not answer');
      return { status: 'down', bridges: [] };
    }
  }

  /** Bridges that listen on a connection of their own. */
  get connected(): string[] {
    return [...this.#byName.values()]
      .filter(({ webhook, postsOnly, intermittent }) => !webhook && !postsOnly && !intermittent)
      .map(({ name }) => name);
  }

  async drain(withinMs: number): Promise<Drained> {
    const until = this.#ports.clock.now() + withinMs;
    await this.ready();
    for (const runner of this.#runners.values()) runner.wake();
    return drain(this.engine, [...this.#runners.values()], {
      until,
      isStopped: () => this.#stopped !== undefined,
    });
  }

  async #startAll(first: boolean): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#runners.values()].map((runner) => runner.start()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failed) return;
    if (first) await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    throw failed.reason;
  }

  /** What was tried and failed is tried again with the next use. */
  #prepare(): Promise<void> {
    if (this.#stopped) return Promise.reject(engineStopped());
    this.#prepared ??= this.#open().catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #open(): Promise<void> {
    const { storage } = this.#ports;
    if (!this.#initialised) {
      await storage.init?.();
      await this.#ports.files?.store.init?.();
    }
    this.#initialised = true;
    await this.#alarm.start();
    await this.#presence.start();
    await this.#feed.start();
    await this.broadcasts.start();
    this.#fileWorker?.start();
    this.#ready = true;
  }

  async #begin(runner: BridgeRunner): Promise<void> {
    try {
      await runner.start();
    } catch (err) {
      this.#ports.logger.error(
        { err, bridge: runner.bridge.name },
        `${runner.bridge.name} does not work yet; messages are kept for it, and it is tried again`,
      );
    }
  }

  async #stopAll({ keepStorage = false }: StopOptions): Promise<void> {
    const { storage, broker } = this.#ports;
    // Where it never came to life there is nothing more to stop than what follows.
    await this.#prepared?.catch(() => {});
    this.#hub.stop();
    // Handlers tell the visitor and the team what they have to: for them everything still works.
    await this.callbacks.finish();
    this.#ready = false;
    await Promise.all([
      ...[...this.#runners.values()].map((runner) => runner.stop()),
      this.#fileWorker?.stop(),
    ]);
    this.#presence.stop();
    this.#feed.stop();
    this.broadcasts.stop();
    this.#alarm.stop();
    await broker.close();
    if (!keepStorage) await storage.close?.();
  }

  #wakeHere(queues: readonly string[]): void {
    for (const [name, runner] of this.#runners) if (queues.includes(bridgeQueue(name))) runner.wake();
    if (this.#fileWorker?.queues.some((queue) => queues.includes(queue))) this.#fileWorker.wake();
  }
}
