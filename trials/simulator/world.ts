import type { StoragePort, WriteSet } from '@pocketping/core';
import type { Random } from '../random.js';
import { House, type Sabotage } from './house/house.js';
import type { NodeClock } from './house/node-clock.js';
import { Asking } from './people/asking.js';
import { Operator } from './people/operator.js';
import { Site } from './people/site.js';
import { Visitor } from './people/visitor.js';
import type { Incident, Plan } from './plan.js';
import { Platform } from './platform/platform.js';
import type { Stage } from './stage.js';

/** How long everything may take to settle once the troubles are over. */
const SETTLING_MS = 3_600_000;

/** Everybody and everything in one run. */
export class World {
  readonly stage: Stage;
  readonly plan: Plan;
  readonly storage: StoragePort;
  readonly platforms: readonly Platform[];
  readonly visitors: readonly Visitor[];
  readonly operators: readonly { readonly platform: Platform; readonly operator: Operator }[];
  readonly house: House;
  readonly #asking: Asking;
  readonly #site: Site;
  readonly #random: Random;
  readonly #storageClock: NodeClock;
  /** How many people have not done all they were to do. */
  #busy = 0;

  constructor(
    stage: Stage,
    plan: Plan,
    random: Random,
    at: { storage: StoragePort; storageClock: NodeClock; sabotage: Sabotage },
  ) {
    this.stage = stage;
    this.plan = plan;
    this.#random = random;
    this.storage = at.storage;
    this.#storageClock = at.storageClock;
    this.platforms = plan.platforms.map((each) => new Platform(each, stage, random.fork()));
    this.house = new House({
      stage,
      random: random.fork(),
      plan,
      storage: at.storage,
      platforms: this.platforms,
      watch: {
        wrote: (write) => stage.ledger.wrote(write),
        notRecorded: (write) => this.#notRecorded(write),
      },
      sabotage: at.sabotage,
    });
    this.#asking = new Asking(stage, random.fork(), () => this.house.doors(), plan.network);
    const people = () => ({ stage, asking: this.#asking, random: random.fork(), storage: at.storage });
    this.#site = new Site(people());
    this.visitors = Array.from(
      { length: plan.visitors },
      (_, index) => new Visitor(`vis_${index + 1}`, people()),
    );
    this.operators = this.platforms.flatMap((platform) =>
      Array.from({ length: plan.operators }, (_, index) => ({
        platform,
        operator: new Operator(`${platform.name}-op-${index + 1}`, platform, random.fork()),
      })),
    );
  }

  /** People come and go while things go wrong. */
  async live(): Promise<void> {
    const { activeMs, actions, flood, incidents } = this.plan;
    const busy = [
      ...this.visitors.map((visitor, index) => visitor.live(actions, activeMs, flood && index === 0)),
      ...this.operators.map(({ operator }) => operator.live(actions, activeMs)),
      this.#site.live(Math.ceil(actions / 3), activeMs),
    ];
    this.#busy = busy.length;
    for (const each of busy) void each.then(() => this.#busy--);
    for (const incident of incidents) {
      this.stage.clock.schedule(incident.at, () => this.#happen(incident));
    }
    await this.stage.clock.advance(activeMs);
  }

  /** The troubles end, and everything that is owed is done. @returns whether it came to rest in time. */
  async settle(): Promise<boolean> {
    this.house.weather.failing = 0;
    this.house.weather.slow = { chance: 0, ms: 0 };
    this.house.broker.heal();
    this.#asking.heal();
    for (const { gate } of this.platforms) gate.calm = true;
    this.stage.trace.add(() => 'the troubles are over');
    let stepMs = 1000;
    const outages = this.platforms.map(({ gate }) => Math.max(gate.downUntil, gate.lockedOutUntil));
    const end = Math.max(this.stage.clock.now(), ...outages) + SETTLING_MS;
    while (this.stage.clock.now() < end) {
      await this.stage.clock.advance(stepMs);
      if (await this.#atRest()) return true;
      stepMs = Math.min(stepMs * 1.5, 60_000);
    }
    return false;
  }

  async #atRest(): Promise<boolean> {
    if (this.#busy > 0 || !this.house.complete || this.#asking.underWay > 0) return false;
    for (const visitor of this.visitors) visitor.comeBack();
    for (const { updates, name } of this.platforms) {
      if (!updates.quiet) return false;
      for (const queue of [`bridge/${name}`, `receipts/${name}`]) {
        if ((await this.storage.tasks.count(queue)) > 0) return false;
      }
    }
    for (const { tabs } of this.visitors) {
      const heads = await this.storage.heads(tabs.map(({ sessionId }) => sessionId));
      if (tabs.some((tab) => tab.seq !== heads.get(tab.sessionId))) return false;
    }
    return true;
  }

  #happen(incident: Incident): void {
    const { clock, trace } = this.stage;
    trace.add(() => `incident: ${JSON.stringify(incident)}`);
    switch (incident.kind) {
      case 'storage fails':
        this.house.weather.failing = incident.chance;
        clock.schedule(incident.ms, () => {
          this.house.weather.failing = 0;
        });
        return;
      case 'node dies':
        this.house.kill(incident.node, incident.afterCalls, incident.ms);
        return;
      case 'node restarts':
        void this.house.restart(incident.node);
        return;
      case 'node clock jumps':
        this.house.setClock(incident.node, incident.ms);
        return;
      case 'storage clock jumps':
        this.#storageClock.set(incident.ms);
        return;
      default:
        this.#happenTo(this.platforms[incident.platform] as Platform, incident);
    }
  }

  #happenTo(platform: Platform, incident: Incident): void {
    const until = 'ms' in incident ? this.stage.clock.now() + incident.ms : 0;
    const threads = [...platform.threads.values()].filter(({ state }) => state === 'open');
    const thread = threads.length > 0 ? this.#random.pick(threads) : undefined;
    switch (incident.kind) {
      case 'platform is down':
        platform.gate.downUntil = until;
        return;
      case 'platform locks out':
        platform.gate.lockedOutUntil = until;
        return;
      case 'thread is deleted':
        if (thread && !platform.plan.threadless) platform.deleteThread(thread);
        return;
      case 'thread is unreachable':
        if (thread && !platform.plan.threadless) thread.state = 'unreachable';
        return;
      default:
        if (thread && thread.posts.length > 0) platform.vandalise(this.#random.pick(thread.posts));
    }
  }

  /** Whoever posted this could not write it down: it may be posted again. */
  #notRecorded({ links = [], threads = [] }: WriteSet): void {
    for (const platform of this.platforms) {
      for (const { bridge, platformId } of links) {
        const post = bridge === platform.name ? platform.posts.get(platformId) : undefined;
        if (post) post.effect.unheard ??= 'not recorded';
      }
      for (const { bridge, threadId } of threads) {
        const thread = bridge === platform.name ? platform.threads.get(threadId) : undefined;
        if (thread) thread.opened.unheard ??= 'not recorded';
      }
    }
  }
}
