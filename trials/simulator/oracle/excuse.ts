import type { Effect } from '../platform/gate.js';
import type { Platform } from '../platform/platform.js';

/** How long it may take from hearing of an effect to having written it down. */
const WRITING_MS = 15_000;

/** How many posts of a message have to stay without an answer before it may be given up. */
const GIVEN_UP_AFTER = 4;

/** Whether a message may be a dead letter because the platform never confirmed it. */
export const mayBeGivenUp = ({ unanswered }: Platform, number: number): boolean =>
  (unanswered.get(number) ?? 0) >= GIVEN_UP_AFTER;

/** Whether whoever did it may not have known, or could not write it down: then it may have been done again. */
export const isExcused = ({ unheard, heardAt = 0, life }: Effect, sessionId: string): boolean => {
  if (unheard !== undefined) return true;
  const soon = (at: number | undefined) => at !== undefined && at >= heardAt && at - heardAt <= WRITING_MS;
  return soon(life.endedAt) || (life.failedAt.get(sessionId) ?? []).some(soon);
};
