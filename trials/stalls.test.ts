import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { undisturbed } from './stalls.js';

/** Keeps the process from everything else. */
const hold = (ms: number): void => {
  for (const until = performance.now() + ms; performance.now() < until; );
};

/** Turns go by, so that the watch sees how late the next one is. */
const failing = (heldMs: number) =>
  vi.fn(async () => {
    await pause(50);
    hold(heldMs);
    await pause(50);
    throw new Error('too late');
  });

it('what fails while the process was held up is tried again, so often and no more', async () => {
  const trial = failing(300);
  await expect(undisturbed(trial, { stalledMs: 200, attempts: 3 })).rejects.toThrow('too late');
  expect(trial).toHaveBeenCalledTimes(3);
});

it('what fails by itself has failed', async () => {
  const trial = failing(0);
  await expect(undisturbed(trial, { stalledMs: 60_000, attempts: 3 })).rejects.toThrow('too late');
  expect(trial).toHaveBeenCalledTimes(1);
});
