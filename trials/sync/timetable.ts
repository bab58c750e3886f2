import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.js';

/** Everything takes place so long after the beginning. */
export class Timetable {
  readonly began = Date.now();

  /** Resolves at an instant, or at once if that has gone by. */
  async at(ms: number): Promise<void> {
    await pause(Math.max(0, this.began + ms - Date.now()));
  }

  /** Looks now and then: many look at the same time. @throws Error after a minute and a half */
  until(holds: () => unknown, what: string): Promise<void> {
    return until(holds, what, { withinMs: 90_000, everyMs: 50 });
  }
}
