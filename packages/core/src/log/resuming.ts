import { LIMITS, type Seq, type SessionId } from '@pocketping/protocol';
import type { ResetReason, Signal } from '../conversation/conversation.js';
import type { LogEvent } from '../model/index.js';
import type { Clock, StoragePort } from '../ports/index.js';
import { isForVisitors } from './visible.js';

const PAGE = 200;

type Told = Extract<Signal, { type: 'event' }>;
type CustomEvent = Extract<LogEvent, { type: 'custom_event' }>;

/** Why a log is not replayed from a cursor, and what is told nevertheless. */
export interface Reset {
  readonly reason: ResetReason;
  /** What the site has told the page since, and is still to be told: a reload brings messages back, but none of these. */
  readonly events: readonly Told[];
  /** The entry up to which these were looked for; undefined for a cursor from elsewhere. */
  readonly seq?: Seq;
}

/**
 * Whether a log can be replayed from a cursor: undefined if so. What counts is what would be replayed: entries that no
 * visitor is shown cost them nothing, and an event of the site's is told whatever else has happened, because nothing else
 * brings it back.
 */
export const whyNotResume = async (
  { storage, clock }: { readonly storage: StoragePort; readonly clock: Clock },
  { sessionId, after }: { readonly sessionId: SessionId; readonly after: Seq },
  head: Seq,
): Promise<Reset | undefined> => {
  if (after > head) return { reason: 'unknown_cursor', events: [] };
  if (head - after <= LIMITS.resumeEvents) return undefined;
  let seq = Math.max(after, head - LIMITS.resumeReads);
  let shown = seq > after ? Number.POSITIVE_INFINITY : 0;
  let events: Told[] = [];
  /** How many of the events came before the team has kept the visitor out, while it does. */
  let beforeBlock: number | undefined;
  for (;;) {
    const page = await storage.events(sessionId, { after: seq, limit: PAGE });
    const now = clock.now();
    for (const { event } of page) {
      if (event.type === 'visitor_blocked') beforeBlock ??= events.length;
      else if (event.type === 'visitor_unblocked') beforeBlock = undefined;
      else if (!isForVisitors(event, now)) continue;
      else if (event.type === 'custom_event') events.push(toldOf(event));
      else shown++;
    }
    seq = page.at(-1)?.event.seq ?? seq;
    if (page.length < PAGE || seq >= head) break;
  }
  if (shown <= LIMITS.resumeEvents) return undefined;
  if (beforeBlock !== undefined) events = events.slice(0, beforeBlock);
  return { reason: 'too_far_behind', events, seq };
};

/** Without a `seq`, so that whoever is cut off before the end begins where they were, and misses no message. */
const toldOf = ({ at, data: { name, data } }: CustomEvent): Told => ({
  type: 'event',
  name,
  ...(data !== undefined && { data }),
  at,
});
