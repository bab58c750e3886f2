import type { FaultRule } from '@pocketping/emulators';
import type { Random } from '../random.js';
import { APPS, type AppName, type Scale } from './plan.js';

/** What goes wrong, and when; milliseconds after the beginning. */
export interface Fate {
  readonly kills: readonly Kill[];
  readonly strikes: readonly Strike[];
  readonly troubles: readonly Trouble[];
}

export interface Kill {
  readonly at: number;
  /** Milliseconds until the next life begins. */
  readonly deadMs: number;
}

/** A fault that waits for the next call of its kind. */
export interface Strike {
  readonly app: AppName;
  readonly at: number;
  readonly fault: FaultName;
  /** What of the platform's it strikes. */
  readonly call: CallName;
}

/** What a bridge asks of its platform, each in the platform's own words. */
export type CallName = 'post' | 'edit' | 'remove' | 'open' | 'any';

/** What happens to what the platform tells, or to a thread. Each knows by itself which platforms can do so. */
export interface Trouble {
  readonly app: AppName;
  readonly at: number;
  readonly name: TroubleName;
  readonly seed: number;
}

/** The words of a platform's refusal are its own. */
type Fault = Omit<FaultRule, 'method' | 'times' | 'description' | 'status'>;

const LATE_MS = 400;

/** Every fault of the emulators; those that cut or refuse also such that the call has worked all the same. */
export const FAULTS = {
  rate_limit: { kind: 'rate_limit', retryAfter: 1 },
  server_error: { kind: 'server_error' },
  'server_error, but done': { kind: 'server_error', effect: true },
  bad_gateway_html: { kind: 'bad_gateway_html' },
  'bad_gateway_html, but done': { kind: 'bad_gateway_html', effect: true },
  refuse: { kind: 'refuse' },
  unauthorized: { kind: 'unauthorized' },
  slow: { kind: 'slow', delayMs: LATE_MS },
  slow_body: { kind: 'slow_body', delayMs: LATE_MS },
  broken_body: { kind: 'broken_body', delayMs: LATE_MS },
  timeout_before: { kind: 'timeout_before', delayMs: LATE_MS },
  timeout_after: { kind: 'timeout_after', delayMs: LATE_MS },
  reset: { kind: 'reset' },
  'reset, but done': { kind: 'reset', effect: true },
  'slow rate_limit': { kind: ['slow', 'rate_limit'], delayMs: LATE_MS },
  'slow_body server_error': { kind: ['slow_body', 'server_error'], delayMs: LATE_MS },
} satisfies Record<string, Fault>;
export type FaultName = keyof typeof FAULTS;

export const TROUBLES = {
  telegram: ['twice', 'thrice', 'again', 'out of order', 'thread lost'],
  discord: [
    'twice',
    'out of order',
    'thread lost',
    'cut',
    'session forgotten',
    'session invalid',
    'reconnect asked for',
    'unreachable',
  ],
  slack: [
    'twice',
    'thrice',
    'again',
    'out of order',
    'thread lost',
    'cut',
    'refreshed',
    'warned',
    'disabled',
  ],
} as const satisfies Record<AppName, readonly string[]>;
export type TroubleName = (typeof TROUBLES)[AppName][number];

export const fateFrom = (random: Random, scale: Scale): Fate => {
  const { kills: count, lengthMs } = scale;
  const life = lengthMs / (count + 1);
  const kills = Array.from({ length: count }, (_, number) => ({
    at: Math.round(life * (number + 1) + life * (random.next() - 0.5) * 0.6),
    deadMs: random.between(50, 600),
  }));
  return { kills, strikes: strikesFrom(random, scale), troubles: troublesFrom(random, scale) };
};

const strikesFrom = (random: Random, { strikes, lengthMs }: Scale): Strike[] =>
  APPS.flatMap((app) =>
    (Object.keys(FAULTS) as FaultName[]).flatMap((fault): Strike[] => {
      // That comes before a kill: what is refused so stops for a minute.
      if (fault === 'unauthorized') return [];
      return Array.from({ length: strikes }, (_, number): Strike => {
        // What a platform refuses for good has to be something that can be said otherwise.
        if (fault === 'refuse' || number % 2 === 0) {
          return { app, fault, call: 'post', at: random.between(lengthMs / 20, lengthMs) };
        }
        // Most threads are begun early; later on the same conversation would be struck again and again.
        if (number === 1) return { app, fault, call: 'open', at: random.between(0, lengthMs / 25) };
        const call = random.pick<CallName>(['edit', 'remove', 'any']);
        return { app, fault, call, at: random.between(lengthMs / 20, lengthMs) };
      });
    }),
  ).sort((left, right) => left.at - right.at);

/** A thread is lost while its conversation still goes on for a while. */
const troublesFrom = (random: Random, { losses, strikes, lengthMs }: Scale): Trouble[] =>
  APPS.flatMap((app) =>
    TROUBLES[app].flatMap((name) => {
      const isLoss = name === 'thread lost';
      return Array.from({ length: isLoss ? losses : Math.ceil(strikes / 2) }, () => ({
        app,
        name,
        at: random.between(lengthMs / 5, lengthMs * (isLoss ? 0.5 : 0.95)),
        seed: random.between(1, 1_000_000),
      }));
    }),
  ).sort((left, right) => left.at - right.at);
