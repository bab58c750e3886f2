import { bridgeFilesQueue } from '../attachments/register.js';
import type { Engine } from '../engine.js';
import type { Drained } from '../health.js';
import type { Instant } from '../model/index.js';
import type { BridgeRunner } from './runner.js';

/** How soon it is noticed that there is nothing left. */
const LOOK_MS = 100;

/** Waits while bridges work, until they have nothing left to do or the time is up. */
export async function drain(
  { storage, clock }: Engine,
  runners: readonly BridgeRunner[],
  { until, isStopped }: { readonly until: Instant; readonly isStopped: () => boolean },
): Promise<Drained> {
  for (;;) {
    const bridges = await Promise.all(runners.map((runner) => runner.health()));
    const files = await Promise.all(bridges.map(({ name }) => storage.tasks.count(bridgeFilesQueue(name))));
    const left = [...bridges.map(({ backlog }) => backlog), ...files].reduce((sum, count) => sum + count, 0);
    const restMs = until - clock.now();
    if (left === 0 || restMs <= 0 || isStopped()) return { left, bridges };
    await clock.sleep(Math.min(restMs, LOOK_MS));
  }
}
