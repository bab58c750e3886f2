import type { Clock } from '@pocketping/core';
import { onTestFinished, vi } from 'vitest';

/** Lets `AbortSignal.timeout` go by a test's clock, in our code and in Slack's own client, until the test ends. */
export const timeoutsBy = (clock: Clock): void => {
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const over = new AbortController();
    clock.schedule(ms, () => over.abort(new DOMException('It took too long.', 'TimeoutError')));
    return over.signal;
  });
  onTestFinished(async () => timeout.mockRestore());
};
