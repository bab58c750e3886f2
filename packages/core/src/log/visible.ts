import type { EventType, Instant, LogEvent } from '../model/index.js';

/** The entries a visitor's client has a use for; the others are holes in its `seq`. */
const shown: ReadonlySet<EventType> = new Set<EventType>([
  'message',
  'message_edited',
  'message_deleted',
  'read',
  'session_closed',
  'session_ended',
]);

/** Whether an entry may leave towards a visitor, now. */
export const isForVisitors = (event: LogEvent, now: Instant): boolean => {
  if (event.audience !== 'all') return false;
  // What the page told us is not told to the page.
  if (event.type === 'custom_event') return event.actor.kind !== 'visitor' && !hasExpired(event.data, now);
  return shown.has(event.type);
};

const hasExpired = ({ expiresAt }: { readonly expiresAt?: Instant }, now: Instant): boolean =>
  expiresAt !== undefined && expiresAt <= now;
