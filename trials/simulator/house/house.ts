import {
  type Bridge,
  type Broker,
  type Inbound,
  type Logger,
  PocketPing,
  type StoragePort,
} from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Door } from '../people/asking.js';
import { SITE_COMMAND } from '../people/operator.js';
import type { Plan } from '../plan.js';
import { bridgeTo } from '../platform/bridge.js';
import type { Platform } from '../platform/platform.js';
import type { Stage } from '../stage.js';
import { Life } from './life.js';
import { LossyBroker } from './lossy-broker.js';
import { NodeClock } from './node-clock.js';
import { type StorageWatch, type StorageWeather, storageLine } from './storage-line.js';

/** A change to the engine's surroundings that no run may survive unnoticed. */
export interface Sabotage {
  readonly storage?: (storage: StoragePort) => StoragePort;
  readonly broker?: (broker: Broker) => Broker;
  readonly bridge?: (bridge: Bridge) => Bridge;
}

export interface HouseOptions {
  readonly stage: Stage;
  readonly random: Random;
  readonly plan: Plan;
  readonly storage: StoragePort;
  readonly platforms: readonly Platform[];
  readonly watch: StorageWatch;
  readonly sabotage: Sabotage;
}

interface Node extends Door {
  readonly clock: NodeClock;
  /** Takes no more requests. */
  closing: boolean;
}

/** How long a node may take to stop, and what it left under way to end. */
const STOP_MS = 60_000;
const LEFTOVER_MS = 30_000;

/** The nodes over one storage: they die, are replaced and restarted. */
export class House {
  readonly weather: StorageWeather;
  readonly broker: LossyBroker;
  readonly #options: HouseOptions;
  /** By place; empty while its node is being replaced. */
  readonly #nodes: (Node | undefined)[] = [];
  #begun = 0;

  constructor(options: HouseOptions) {
    this.#options = options;
    const { stage, random, plan, platforms } = options;
    this.weather = { failing: 0, slow: plan.slowStorage };
    this.broker = new LossyBroker(stage.clock, random.fork(), plan.broker);
    for (let place = 0; place < plan.nodes; place++) this.#begin(place);
    for (const platform of platforms) {
      platform.updates.nodes = () =>
        this.doors().map(({ life, pp }) => ({ life, webhook: (name, inbound) => called(pp, name, inbound) }));
    }
  }

  /** The nodes that answer. */
  doors(): Door[] {
    return this.#nodes.filter((node): node is Node => node?.life.alive === true && !node.closing);
  }

  /** Ends a node in the middle of something, and puts another in its place after a while. */
  kill(place: number, afterSteps: number, replacedAfterMs: number): void {
    const node = this.#nodes[place];
    if (!node) return;
    const { clock, trace } = this.#options.stage;
    trace.add(() => `${node.life.name} has ${afterSteps} steps to live`);
    node.life.onEnd(() => {
      trace.add(() => `${node.life.name} dies`);
      clock.schedule(replacedAfterMs, () => this.#replace(place, node));
    });
    node.life.endAfter(afterSteps);
    clock.schedule(5000, () => node.life.end());
  }

  /** Stops a node in good order; its successor begins before, or after. */
  async restart(place: number): Promise<void> {
    const node = this.#nodes[place];
    if (!node || node.closing) return;
    if (this.#options.random.chance(0.5)) {
      this.#begin(place);
      return this.#stop(node);
    }
    await this.#stop(node);
    this.#replace(place, node);
  }

  setClock(place: number, aheadMs: number): void {
    const node = this.#nodes[place];
    this.#options.stage.trace.add(() => `${node?.life.name} sets its clock by ${aheadMs} ms`);
    node?.clock.set(aheadMs);
  }

  /** Every place has a node. */
  get complete(): boolean {
    return this.doors().length === this.#options.plan.nodes;
  }

  /** Stops all nodes; nothing of them may be left. */
  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node && this.#stop(node)));
  }

  #replace(place: number, node: Node): void {
    if (this.#nodes[place] === node) this.#begin(place);
  }

  #begin(place: number): void {
    const { stage, random, storage, platforms, watch, sabotage } = this.#options;
    const life = new Life(`n${++this.#begun}`, () => stage.clock.now());
    const clock = new NodeClock(stage.clock, life);
    const { storage: spoilt = same, broker: jammed = same, bridge: bent = same } = sabotage;
    const pp = new PocketPing({
      clock,
      logger: loggerOf(stage, life),
      storage: storageLine(spoilt(storage), {
        life,
        stage,
        random: random.fork(),
        weather: this.weather,
        watch,
        busy: { at: 0, calls: 0 },
      }),
      broker: jammed(this.broker.connection(life)),
      bridges: platforms.map((platform) => bent(bridgeTo(platform, life))),
      commands: [
        { name: SITE_COMMAND, summary: 'Look it up', run: ({ reply }) => reply('It is on its way') },
      ],
    });
    this.#nodes[place] = { life, clock, pp, closing: false };
    stage.trace.add(() => `${life.name} begins`);
    void this.#start(pp, life);
  }

  /** Until it works: a person looks at what it says and tries again. */
  async #start(pp: PocketPing, life: Life): Promise<void> {
    while (life.alive) {
      try {
        return await pp.start();
      } catch (error) {
        this.#options.stage.trace.add(() => `${life.name} did not start: ${String(error)}`);
        await this.#options.stage.clock.sleep(3000);
      }
    }
  }

  async #stop(node: Node): Promise<void> {
    const { stage } = this.#options;
    const { life } = node;
    node.closing = true;
    stage.trace.add(() => `${life.name} is told to stop`);
    const late = new Promise<string>((resolve) => stage.clock.schedule(STOP_MS, () => resolve('late')));
    const outcome = await Promise.race([node.pp.stop().then(() => 'stopped'), late]);
    if (life.alive && outcome === 'late') stage.fail(`${life.name} did not stop`);
    // A call that nobody waits for may still be under way.
    stage.clock.schedule(LEFTOVER_MS, () => this.#checkLeftovers(node));
  }

  #checkLeftovers({ life, clock }: Node): void {
    const { stage } = this.#options;
    const channels = this.broker.channelsOf(life);
    if (life.alive && clock.pending > 0) stage.fail(`${life.name} stopped and left ${clock.pending} timers`);
    if (life.alive && channels > 0)
      stage.fail(`${life.name} stopped and still listens to ${channels} channels`);
    life.end();
  }
}

const same = <T>(it: T): T => it;

const called = async (pp: PocketPing, bridge: string, inbound: Inbound): Promise<boolean> => {
  const { status } = await pp.webhook(bridge, { headers: {}, body: { parsed: inbound } });
  return status === 200;
};

const loggerOf = ({ trace }: Stage, life: Life): Logger => {
  const say =
    (level: string): Logger['info'] =>
    ({ err, ...fields }, message) =>
      trace.add(
        () => `${life.name} ${level}: ${message} ${JSON.stringify(fields)} ${err ? String(err) : ''}`,
      );
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
};
