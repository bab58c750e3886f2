import type { EventType, LogEvent } from '../model/index.js';

/** The entries a visitor's client has a use for; the others are holes in its `seq`. */
const shown: ReadonlySet<EventType> = new Set<EventType>([
  'message',
  'message_edited',
  'message_deleted',
  'read',
  'session_closed',
  'session_ended',
]);

/** Whether an entry may leave towards a visitor. */
export const isForVisitors = (event: LogEvent): boolean => event.audience === 'all' && shown.has(event.type);
