import { awaitLastAttempt, isLastAttempt, noteDoubt } from './doubt.js';
import type { Lane } from './lane.js';
import { isCode } from './post.js';

/**
 * Makes a call that is the same however often it is made: one of uncertain outcome is simply made again, once in this run,
 * and later in others. With `of`, which names it, that has an end; without, it is made until the platform answers.
 * @throws BridgeError `invalid` when it was never confirmed
 */
export const untilConfirmed = async <T>(
  lane: Lane,
  of: string | undefined,
  call: () => Promise<T>,
): Promise<T> => {
  if (of !== undefined) awaitLastAttempt(lane, of);
  let repeated = lane.doubt !== undefined;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isCode(error, 'uncertain')) throw error;
      if (of !== undefined) await noteDoubt(lane, of, error);
      if (repeated || (of !== undefined && isLastAttempt(lane, of))) throw error;
      repeated = true;
    }
  }
};
