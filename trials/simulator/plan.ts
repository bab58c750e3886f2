import type { Pacing } from '@pocketping/core';
import type { Random } from '../random.js';

/** What kind of run a seed stands for. Each trouble is left out of most runs, so that others show without it. */
export interface Plan {
  /** For how long people and troubles are about. */
  readonly activeMs: number;
  readonly visitors: number;
  /** Of each platform. */
  readonly operators: number;
  /** What each person does. */
  readonly actions: number;
  readonly nodes: 1 | 2;
  readonly storage: 'memory' | 'sqlite';
  /** How often a call to the storage takes its time, and how long at most. */
  readonly slowStorage: { readonly chance: number; readonly ms: number };
  readonly broker: { readonly loses: number; readonly repeats: number; readonly delayMs: number };
  /** How often a client never hears the answer to a request that was carried out, or asks twice at once. */
  readonly network: { readonly loses: number; readonly doubles: number };
  /** One visitor changes a message more often than a client should have to replay. */
  readonly flood: boolean;
  readonly platforms: readonly PlatformPlan[];
  readonly incidents: readonly Incident[];
}

export interface PlatformPlan {
  readonly name: string;
  readonly pacing: Pacing;
  /** Characters in a post. */
  readonly postLength: number;
  readonly can: {
    readonly edit: boolean;
    readonly type: boolean;
    readonly close: boolean;
    readonly rename: boolean;
    readonly reconcile: boolean;
    readonly receipts: boolean;
    /** It keeps what was said, and tells it once to whoever listens at that moment; later it has to be asked. */
    readonly catchUp: boolean;
  };
  readonly threadless: boolean;
  /** It calls us, several updates at once, rather than being asked. */
  readonly webhook: boolean;
  /** It tells when a person deletes a message; otherwise they ask for it with a reply. */
  readonly reportsDeletions: boolean;
  /** It refuses a reply whose target is gone. */
  readonly strictReplies: boolean;
  readonly delayMs: number;
  /** How often a call meets each fault. */
  readonly faults: Readonly<Record<Fault, number>>;
  /** How often an update is handed over again, and how often a later one comes first. */
  readonly updates: { readonly repeats: number; readonly shuffles: number };
}

export const FAULTS = [
  'rate_limited',
  'uncertain_before',
  'uncertain_after',
  'unavailable',
  'hangs_before',
  'hangs_after',
  'slow',
  'broken',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Something that goes wrong at a moment of the run. */
export type Incident = { readonly at: number } & (
  | { readonly kind: 'storage fails'; readonly ms: number; readonly chance: number }
  | { readonly kind: 'node dies'; readonly node: number; readonly afterCalls: number; readonly ms: number }
  | { readonly kind: 'node restarts'; readonly node: number }
  | { readonly kind: 'node clock jumps'; readonly node: number; readonly ms: number }
  | { readonly kind: 'storage clock jumps'; readonly ms: number }
  | { readonly kind: 'platform is down'; readonly platform: number; readonly ms: number }
  | { readonly kind: 'platform locks out'; readonly platform: number; readonly ms: number }
  | { readonly kind: 'thread is deleted'; readonly platform: number }
  | { readonly kind: 'thread is unreachable'; readonly platform: number }
  | { readonly kind: 'post is removed'; readonly platform: number }
);

interface Scale {
  readonly visitors: readonly [number, number];
  readonly actions: readonly [number, number];
  readonly activeMs: readonly [number, number];
  readonly platforms: readonly [number, number];
  readonly incidents: readonly [number, number];
}

const small: Scale = {
  visitors: [1, 2],
  actions: [3, 10],
  activeMs: [10_000, 60_000],
  platforms: [1, 3],
  incidents: [0, 2],
};
const middling: Scale = {
  visitors: [2, 5],
  actions: [5, 18],
  activeMs: [20_000, 180_000],
  platforms: [1, 3],
  incidents: [0, 5],
};
const large: Scale = {
  visitors: [4, 12],
  actions: [10, 40],
  activeMs: [60_000, 600_000],
  platforms: [2, 3],
  incidents: [1, 10],
};

export const planFrom = (random: Random): Plan => {
  const size = random.next();
  const scale = size < 0.8 ? small : size < 0.98 ? middling : large;
  const within = ([low, high]: readonly [number, number]) => random.between(low, high);
  const sometimes = (chance: number, value: () => number) => (random.chance(chance) ? value() : 0);
  const activeMs = within(scale.activeMs);
  const nodes = random.chance(0.35) ? 2 : 1;
  const platforms = Array.from({ length: within(scale.platforms) }, (_, index) =>
    platformFrom(random, `chat-${index + 1}`),
  );
  const incidents = Array.from({ length: within(scale.incidents) }, () =>
    incidentFrom(random, { activeMs, nodes, platforms: platforms.length, hour: scale !== small }),
  ).sort((a, b) => a.at - b.at);
  return {
    activeMs,
    visitors: within(scale.visitors),
    operators: random.between(1, scale === small ? 1 : 4),
    actions: within(scale.actions),
    nodes,
    storage: random.chance(0.004) ? 'sqlite' : 'memory',
    slowStorage: {
      chance: sometimes(0.3, () => random.next() / 2),
      ms: random.pick([1, 10, 50]),
    },
    broker: {
      loses: sometimes(0.3, () => random.pick([0.1, 0.5, 1])),
      repeats: sometimes(0.2, () => 0.3),
      delayMs: sometimes(0.4, () => random.between(1, 300)),
    },
    network: {
      loses: sometimes(0.4, () => random.next() / 3),
      doubles: sometimes(0.2, () => random.next() / 3),
    },
    flood: random.chance(0.002),
    // Whose clock is wrong by an hour does not know since when it was away.
    platforms: incidents.some(isBadClock) ? platforms.map(withoutCatchUp) : platforms,
    incidents,
  };
};

const isBadClock = (incident: Incident): boolean =>
  incident.kind === 'node clock jumps' && Math.abs(incident.ms) > 5000;

const withoutCatchUp = (platform: PlatformPlan): PlatformPlan => ({
  ...platform,
  can: { ...platform.can, catchUp: false },
});

const pacings: readonly Pacing[] = [
  {},
  {},
  { chat: { calls: 20, perMs: 60_000 } },
  { chat: { calls: 20, perMs: 60_000 }, bot: { calls: 30, perMs: 1000 } },
  { thread: { calls: 5, perMs: 5000 }, bot: { calls: 50, perMs: 1000 } },
  { thread: { calls: 1, perMs: 1000 } },
  { chat: { calls: 3, perMs: 3000 }, thread: { calls: 1, perMs: 500 } },
];

const platformFrom = (random: Random, name: string): PlatformPlan => {
  const threadless = random.chance(0.15);
  const webhook = random.chance(0.4);
  const faulty = random.chance(0.6);
  const rate = () => (faulty && random.chance(0.35) ? random.pick([0.02, 0.1, 0.3]) : 0);
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, rate()])) as Record<Fault, number>;
  return {
    name,
    pacing: random.pick(pacings),
    postLength: random.pick([60, 200, 1000]),
    can: {
      edit: random.chance(0.85),
      type: random.chance(0.7),
      close: !threadless && random.chance(0.7),
      rename: !threadless && random.chance(0.7),
      reconcile: random.chance(0.25),
      receipts: random.chance(0.6),
      catchUp: !webhook && random.chance(0.5),
    },
    threadless,
    webhook,
    reportsDeletions: random.chance(0.4),
    strictReplies: random.chance(0.4),
    delayMs: random.pick([0, 5, 300]),
    faults,
    updates: {
      repeats: random.chance(0.5) ? 0.3 : 0,
      shuffles: random.chance(0.5) ? 0.3 : 0,
    },
  };
};

const incidentFrom = (
  random: Random,
  within: { activeMs: number; nodes: number; platforms: number; hour: boolean },
): Incident => {
  const at = random.between(0, within.activeMs);
  const node = random.between(0, within.nodes - 1);
  const platform = random.between(0, within.platforms - 1);
  const kind = random.pick(KINDS);
  switch (kind) {
    case 'storage fails':
      return { at, kind, ms: random.between(100, 8000), chance: random.pick([0.2, 0.6, 1]) };
    case 'node dies':
      return { at, kind, node, afterCalls: random.between(0, 30), ms: random.pick([0, 2000, 40_000]) };
    case 'node restarts':
      return { at, kind, node };
    case 'node clock jumps':
      return { at, kind, node, ms: random.pick([-3_600_000, -5000, 5000, 40_000, 3_600_000]) };
    case 'storage clock jumps':
      return { at, kind, ms: random.pick([-10_000, 10_000, 60_000]) };
    case 'platform is down':
    case 'platform locks out': {
      const hour = within.hour && random.chance(0.04);
      return { at, kind, platform, ms: hour ? 3_600_000 : random.between(1000, 30_000) };
    }
    default:
      return { at, kind, platform };
  }
};

const KINDS: readonly Incident['kind'][] = [
  'storage fails',
  'node dies',
  'node dies',
  'node restarts',
  'node clock jumps',
  'storage clock jumps',
  'platform is down',
  'platform locks out',
  'thread is deleted',
  'thread is deleted',
  'thread is unreachable',
  'post is removed',
];
