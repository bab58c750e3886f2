import type { Effect } from '../platform/gate.js';
import type { Platform, Purpose } from '../platform/platform.js';

/** How long it may take from hearing of an effect to having written it down. */
const WRITING_MS = 15_000;

/** How many calls have to stay without an answer before what they are for may be given up. */
const GIVEN_UP_AFTER = 4;

/** Whether something may have been left undone because the platform never confirmed it. */
export const mayBeGivenUp = ({ unanswered }: Platform, purpose: Purpose): boolean =>
  (unanswered.get(purpose) ?? 0) >= GIVEN_UP_AFTER;

/** Whether whoever did it may not have known, or could not write it down: then it may have been done again. */
export const isExcused = ({ unheard, heardAt = 0, life }: Effect, sessionId: string): boolean => {
  if (unheard !== undefined) return true;
  const soon = (at: number | undefined) => at !== undefined && at >= heardAt && at - heardAt <= WRITING_MS;
  return soon(life.endedAt) || (life.failedAt.get(sessionId) ?? []).some(soon);
};
