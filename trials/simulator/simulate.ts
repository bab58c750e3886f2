import { MemoryStorage } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { randomFrom } from '../random.js';
import { promisesSettled, simulatedClock, turnsTaken } from './clock.js';
import type { Sabotage } from './house/house.js';
import { Life } from './house/life.js';
import { NodeClock } from './house/node-clock.js';
import { Ledger } from './ledger.js';
import { examine } from './oracle/oracle.js';
import { type Plan, planFrom } from './plan.js';
import { withSeededGlobals } from './seeded-globals.js';
import type { Stage } from './stage.js';
import { keptTrace, noTrace } from './trace.js';
import { World } from './world.js';

/** What a run came to. */
export interface Run {
  readonly seed: number;
  readonly plan: Plan;
  /** What was as it must not be; empty when all was well. */
  readonly failures: readonly string[];
  /** What happened, where it was asked for. */
  readonly trace: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface SimulateOptions {
  readonly trace?: boolean;
  readonly sabotage?: Sabotage;
}

const START = Date.UTC(2026, 0, 21, 9);
/** How long the end of all nodes may take. */
const CLOSING_MS = 95_000;
/** More of them say nothing new. */
const FAILURES = 20;

/** Lets a day pass that a seed stands for, and looks at what everybody sees in the end. The same seed, the same day. */
export const simulate = (seed: number, options: SimulateOptions = {}): Promise<Run> => {
  const random = randomFrom(seed);
  return withSeededGlobals(random.fork(), async () => {
    const plan = planFrom(random.fork());
    const clock = simulatedClock(START, plan.storage === 'sqlite' ? turnsTaken : promisesSettled);
    const trace = options.trace ? keptTrace(clock) : noTrace;
    const failures: string[] = [];
    const stage: Stage = {
      clock,
      trace,
      ledger: new Ledger(),
      fail: (what) => {
        trace.add(() => `WRONG: ${what}`);
        if (failures.length < FAILURES) failures.push(what);
      },
    };
    const storageClock = new NodeClock(clock, new Life('the storage', clock.now));
    const storage =
      plan.storage === 'sqlite'
        ? new SqliteStorage({ file: ':memory:', clock: storageClock })
        : new MemoryStorage({ clock: storageClock });
    const { sabotage = {} } = options;
    const world = new World(stage, plan, random, { storage, storageClock, sabotage });
    try {
      await world.live();
      if (!(await world.settle())) stage.fail('it never came to rest');
    } catch (e) {
      failures.push(String(e));
      return { seed, plan, failures, trace: trace.lines, counts: {} };
    }
    const counts = await examine(world);
    const closed = world.house.close();
    await clock.advance(CLOSING_MS);
    await closed;
    if (storage instanceof SqliteStorage) await storage.close();
    return { seed, plan, failures, trace: trace.lines, counts };
  });
};
