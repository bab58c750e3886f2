import type { Clock } from '../ports/index.js';
import { isCode } from './post.js';

/** Milliseconds of waiting between two signs of life: well within the minute after which the engine gives up. */
const SIGN_MS = 20_000;

/** Milliseconds to wait where the platform does not say for how long. */
const UNTOLD_WAIT_MS = 1000;

/**
 * For a bridge's `catchUp`: asks the platform, and where that takes no more for now, waits as long as it says and asks
 * again, for beginning anew would meet the same limit. Yields signs of life while it waits, and one with the answer.
 * @throws BridgeError that `ask` rejects with for any other reason; and for its limits, once `signal` is aborted
 * @example
 * const page = yield* patiently(host.clock, signal, () => platform.pageAfter(cursor))
 */
export async function* patiently<T>(
  clock: Clock,
  signal: AbortSignal,
  ask: () => Promise<T>,
): AsyncGenerator<undefined, T, void> {
  for (;;) {
    try {
      const answer = await ask();
      yield;
      return answer;
    } catch (error) {
      if (!isCode(error, 'rate_limited')) throw error;
      for (let leftMs = error.retryAfterMs ?? UNTOLD_WAIT_MS; leftMs > 0; leftMs -= SIGN_MS) {
        if (signal.aborted) throw error;
        await clock.sleep(Math.min(leftMs, SIGN_MS), signal);
        yield;
      }
      if (signal.aborted) throw error;
    }
  }
}
