import type { Presence as CurrentPresence } from '../conversation/conversation.js';
import type { Hub } from '../log/hub.js';
import type { Json } from '../model/index.js';
import type { Broker, Cancel, Clock, Logger, Operator, StateWrite, StoragePort } from '../ports/index.js';

const SCOPE = 'presence';
const CHANNEL = 'presence';
/** How long a reply counts as being there, for somebody who never said so. */
const AFTER_REPLY_MS = 15 * 60_000;
/** How often a node looks at the storage, should the broker have lost a change. */
const REFRESH_MS = 30_000;

interface Entry {
  readonly name: string;
  readonly online: boolean;
  /** When it ends by itself; null until somebody says otherwise. */
  readonly until: number | null;
}

/** What somebody of the team has said of themselves, and how often it was written. */
export interface OperatorState extends Operator {
  /** The bridge they spoke through. */
  readonly via: string;
  readonly online: boolean;
  readonly version: number;
}

/** Who of the team is available: those who said so, and for a while those who replied. */
export class Presence {
  readonly #storage: StoragePort;
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #entries = new Map<string, Entry & { readonly version: number }>();
  readonly #watchers = new Set<() => void>();
  #shown = '';
  #stated = '[]';
  #next: Cancel | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(ports: { storage: StoragePort; broker: Broker; hub: Hub; clock: Clock; logger: Logger }) {
    this.#storage = ports.storage;
    this.#broker = ports.broker;
    this.#hub = ports.hub;
    this.#clock = ports.clock;
    this.#logger = ports.logger;
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#broker.subscribe(CHANNEL, () => void this.#refresh());
    await this.#load();
    this.#shown = JSON.stringify(this.#now());
    this.#stated = JSON.stringify(this.stated());
    this.#schedule();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#next?.();
    this.#unsubscribe = undefined;
  }

  current(): CurrentPresence {
    return this.#now();
  }

  /** What those have said of themselves who spoke through a bridge of this engine's. */
  stated(): OperatorState[] {
    const stated: OperatorState[] = [];
    for (const [key, { name, online, until, version }] of this.#entries) {
      const slash = key.indexOf('/');
      const [via, id] = [key.slice(0, slash), key.slice(slash + 1)];
      if (until === null && !via.includes(':')) stated.push({ via, id, name, online, version });
    }
    return stated;
  }

  /** Calls `run` whenever somebody's availability changes. @returns what ends it */
  watch(run: () => void): () => void {
    this.#watchers.add(run);
    return () => this.#watchers.delete(run);
  }

  /** The write that sets what an operator says of themselves. */
  set(bridge: string, operator: Operator, online: boolean): StateWrite {
    return write(bridge, operator, { name: operator.name, online, until: null });
  }

  /** The write that a reply implies; none when the operator has said what holds, or replied a moment ago. */
  touch(bridge: string, operator: Operator): StateWrite | undefined {
    const now = this.#clock.now();
    const entry = this.#entries.get(keyOf(bridge, operator));
    if (entry && (entry.until === null || entry.until - now > AFTER_REPLY_MS / 2)) return undefined;
    return write(bridge, operator, { name: operator.name, online: true, until: now + AFTER_REPLY_MS });
  }

  /** To be called after a commit that wrote presence: every node shows it. */
  async changed(): Promise<void> {
    await this.#refresh();
    this.#broker.publish(CHANNEL, null);
  }

  async #refresh(): Promise<void> {
    try {
      await this.#load();
    } catch (err) {
      this.#logger.warn({ err }, 'could not read who is online; trying again');
    }
    const stated = JSON.stringify(this.stated());
    if (stated !== this.#stated) {
      this.#stated = stated;
      for (const run of this.#watchers) run();
    }
    const now = JSON.stringify(this.#now());
    if (now !== this.#shown) {
      this.#shown = now;
      this.#hub.signalHere({ type: 'presence', presence: this.#now() });
    }
    this.#schedule();
  }

  async #load(): Promise<void> {
    const rows = await this.#storage.states(SCOPE);
    this.#entries = new Map(
      rows.map(({ key, value, version }) => [key, { ...(value as unknown as Entry), version }]),
    );
  }

  /** Looks again when the next entry ends, and every now and then. */
  #schedule(): void {
    this.#next?.();
    if (!this.#unsubscribe) return;
    const now = this.#clock.now();
    let wait = REFRESH_MS;
    for (const { until } of this.#entries.values()) {
      if (until !== null && until > now) wait = Math.min(wait, until - now);
    }
    this.#next = this.#clock.schedule(wait, () => void this.#refresh());
  }

  #now(): CurrentPresence {
    const now = this.#clock.now();
    const names = new Set<string>();
    for (const { name, online, until } of this.#entries.values()) {
      if (online && (until === null || until > now)) names.add(name);
    }
    return { online: names.size > 0, operators: [...names].sort() };
  }
}

const keyOf = (bridge: string, operator: Operator): string => `${bridge}/${operator.id}`;

const write = (bridge: string, operator: Operator, entry: Entry): StateWrite => ({
  scope: SCOPE,
  key: keyOf(bridge, operator),
  value: entry as unknown as Json,
});
