import {
  BridgeError,
  type BridgeHost,
  type Inbound,
  type Instant,
  type Operator,
  type ThreadRef,
} from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Life } from '../house/life.js';
import type { PlatformPlan } from '../plan.js';
import type { Stage } from '../stage.js';

/** Something that happened on a platform and that we are told of until we have said that we know. */
export interface Update {
  readonly inbound: Inbound;
  confirmed: boolean;
  /** How often it was handed over. */
  handed: number;
}

interface Listener {
  readonly life: Life;
  readonly host: BridgeHost;
  /** Nothing more may be handed to it. */
  over: boolean;
}

/** A node that can be called. */
export interface Callable {
  readonly life: Life;
  webhook(bridge: string, inbound: Inbound): Promise<boolean>;
}

const PATIENCE_MS = 30_000;
const MOST_TIMES = 3;

/** A platform's line of updates: polled one at a time by whoever listens, or pushed to any node. */
export class Updates {
  readonly #plan: PlatformPlan;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #waiting: Update[] = [];
  /** Everything that people did, for a bridge that asks. */
  readonly #history: Update[] = [];
  readonly #gone = new Set<string>();
  readonly #typed = new Set<string>();
  #listener: Listener | undefined;
  #handing: Promise<void> | undefined;
  #underWay = 0;
  /** Who can be called, where the platform calls. */
  nodes: () => readonly Callable[] = () => [];
  /** Until when nobody hears anything. */
  deafUntil: () => Instant = () => 0;
  #deaf = false;

  constructor(plan: PlatformPlan, stage: Stage, random: Random) {
    this.#plan = plan;
    this.#stage = stage;
    this.#random = random;
  }

  /** Whether everything was confirmed. */
  get quiet(): boolean {
    return (
      this.#waiting.length === 0 && this.#underWay === 0 && this.#history.every(({ confirmed }) => confirmed)
    );
  }

  /** Whether a person's message is there. */
  stands(platformId: string): boolean {
    return this.#typed.has(platformId) && !this.#gone.has(platformId);
  }

  typed(platformId: string): void {
    this.#typed.add(platformId);
  }

  taken(platformId: string): void {
    this.#gone.add(platformId);
  }

  /** We are to be told. */
  add(inbound: Inbound): Update {
    const update: Update = { inbound, confirmed: false, handed: 0 };
    if (!this.#plan.can.catchUp) this.#put(update);
    else {
      this.#history.push(update);
      if (!this.#noticesDeafness() && this.#listener) this.#put(update);
    }
    return update;
  }

  /** What people did after an instant, oldest first. What was taken is known to have been. */
  async *since(after: Instant): AsyncGenerator<Inbound> {
    for (const update of [...this.#history]) {
      if (update.inbound.at <= after) continue;
      update.handed++;
      yield update.inbound;
      update.confirmed = true;
    }
  }

  /** Whoever listens finds out that the line is dead, and when it is mended. */
  #noticesDeafness(): boolean {
    const { clock } = this.#stage;
    const ms = this.deafUntil() - clock.now();
    if (ms <= 0 || this.#deaf) return ms > 0;
    this.#deaf = true;
    const listener = this.#listener;
    listener?.host.broken(new BridgeError('unavailable', 'the line is dead'));
    clock.schedule(ms, () => {
      this.#deaf = false;
      if (!listener || listener.over) return;
      listener.host.healed();
      listener.host.missed();
    });
    return true;
  }

  /** A node asks for updates. @returns what ends that, and resolves when nothing more is handed over. */
  listen(life: Life, host: BridgeHost): () => Promise<void> {
    const listener: Listener = { life, host, over: false };
    // A platform answers whoever asked last.
    if (this.#listener) this.#leave(this.#listener);
    this.#listener = listener;
    life.onEnd(() => this.#leave(listener));
    this.#turn();
    return async () => {
      this.#leave(listener);
      await this.#handing;
    };
  }

  /** Somebody types; whoever listens hears of it. */
  showTyping(thread: ThreadRef, operator: Operator): void {
    if (this.#listener?.life.alive) this.#listener.host.typing(thread, operator);
  }

  #leave(listener: Listener): void {
    listener.over = true;
    if (this.#listener !== listener) return;
    this.#listener = undefined;
    if (this.#plan.can.catchUp) this.#waiting.length = 0;
  }

  #put(update: Update, inMs = 0): void {
    if (this.#plan.webhook) {
      this.#underWay++;
      this.#stage.clock.schedule(inMs + this.#random.between(0, 50), () => void this.#push(update));
      return;
    }
    this.#waiting.push(update);
    this.#turn();
  }

  #turn(): void {
    const listener = this.#listener;
    if (!listener || this.#handing || this.#waiting.length === 0) return;
    const shuffled = !this.#plan.can.catchUp && this.#random.chance(this.#plan.updates.shuffles);
    const place = shuffled ? this.#random.between(0, Math.min(2, this.#waiting.length - 1)) : 0;
    const [update] = this.#waiting.splice(place, 1);
    if (!update) return;
    this.#underWay++;
    this.#handing = this.#poll(update, listener).finally(() => {
      this.#handing = undefined;
      this.#underWay--;
      this.#turn();
    });
  }

  async #poll(update: Update, listener: Listener): Promise<void> {
    await this.#stage.clock.sleep(this.#random.between(0, 20));
    const confirmed =
      !listener.over &&
      (await this.#answered(update, listener.life, () => listener.host.receive(update.inbound)));
    // It was told once; whoever did not take it has to ask.
    if (!confirmed && this.#plan.can.catchUp) return;
    if (!confirmed) await this.#stage.clock.sleep(300);
    if (!confirmed || this.#again(update)) this.#waiting.unshift(update);
  }

  async #push(update: Update): Promise<void> {
    const nodes = this.nodes();
    const node = nodes.length > 0 ? this.#random.pick(nodes) : undefined;
    const confirmed =
      node !== undefined &&
      (await this.#answered(update, node.life, async () => {
        if (!(await node.webhook(this.#plan.name, update.inbound))) throw new Error('not taken');
      }));
    this.#underWay--;
    if (!confirmed || this.#again(update)) this.#put(update, confirmed ? 0 : this.#random.between(300, 3000));
  }

  #again({ handed }: Update): boolean {
    return handed < MOST_TIMES && this.#random.chance(this.#plan.updates.repeats);
  }

  /** Hands it over. @returns whether that was confirmed */
  #answered(update: Update, life: Life, hand: () => Promise<void>): Promise<boolean> {
    const { inbound } = update;
    const { clock, trace } = this.#stage;
    update.handed++;
    return new Promise((resolve) => {
      const end = (confirmed: boolean, how: string) => {
        cancel();
        forget();
        if (confirmed) update.confirmed = true;
        trace.add(() => `${life.name} was handed ${inbound.kind} ${inbound.ref.platformId}: ${how}`);
        resolve(confirmed);
      };
      const cancel = clock.schedule(PATIENCE_MS, () => end(false, 'no answer'));
      const forget = life.onEnd(() => end(false, 'it died'));
      hand().then(
        () => end(true, 'taken'),
        (error: unknown) => end(false, String(error)),
      );
    });
  }
}
