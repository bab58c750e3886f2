import type { Cancel, Clock, Instant } from '@pocketping/core';

/** Time that stands still until it is moved, for runs of many thousand timers. */
export interface SimulatedClock extends Clock {
  /**
   * Moves the time on by `ms` milliseconds. What is due on the way runs in order, each at its own instant, and what it
   * set in motion settles before the next runs.
   */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly at: Instant;
  readonly order: number;
  /** Undefined once it is cancelled. */
  run: (() => void) | undefined;
}

/** @param settled resolves when nothing is under way but timers */
export const simulatedClock = (start: Instant, settled: () => Promise<void>): SimulatedClock => {
  const heap: Timer[] = [];
  let now = start;
  let order = 0;

  const schedule = (ms: number, run: () => void): Cancel => {
    // As a machine's clock, it knows whole milliseconds only.
    const timer: Timer = { at: Math.ceil(now + Math.max(0, ms)), order: order++, run };
    push(heap, timer);
    return () => {
      timer.run = undefined;
    };
  };

  return {
    now: () => now,
    schedule,
    sleep: sleepBy(schedule),
    advance: async (ms) => {
      const end = now + ms;
      await settled();
      for (let timer = heap[0]; timer && timer.at <= end; timer = heap[0]) {
        pop(heap);
        if (!timer.run) continue;
        now = timer.at;
        timer.run();
        await settled();
      }
      now = Math.ceil(end);
    },
  };
};

/** What `Clock.sleep` promises, over a `Clock.schedule`. */
export const sleepBy =
  (schedule: Clock['schedule']): Clock['sleep'] =>
  (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = schedule(ms, end);
      signal?.addEventListener('abort', end, { once: true });
    });

/**
 * Resolves when no promise is left to settle. What a tick adds runs after all of them and before the event loop turns,
 * so that a run over memory is one turn, and nothing else in the process can come in between.
 */
export const promisesSettled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Resolves after a few turns of the event loop, for storages that wait for one. */
export const turnsTaken = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Timer[], timer: Timer): void => {
  let place = heap.push(timer) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above] as Timer;
    if (!isBefore(timer, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = timer;
};

const pop = (heap: Timer[]): void => {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    if (!left) break;
    if (right && isBefore(right, left)) below++;
    const child = heap[below] as Timer;
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
};
