import type { Actor, NewEvent, Session } from '../model/index.js';
import type { SessionChange } from '../ports/index.js';

/**
 * What a message of the team means for its session: it is open again if it was closed, and where an operator speaks,
 * the team has read what came before.
 */
export const answering = (
  session: Session,
  actor: Actor,
  message: NewEvent,
): { session: SessionChange; events: NewEvent[] } => {
  const events: NewEvent[] = [];
  const reopens = session.status === 'closed';
  if (reopens) events.push({ type: 'session_reopened', actor });
  const reads =
    message.marks === 'operator' &&
    session.reachedAt !== undefined &&
    session.seq > Math.max(session.operatorSeq, session.operatorReadSeq);
  if (reads)
    events.push({ type: 'read', data: { by: 'operator', status: 'read', upTo: session.seq }, actor });
  events.push(message);
  return {
    session: {
      id: session.id,
      ...(reopens && { patch: { status: 'open' as const } }),
      ...(reads && { advance: { operatorReadSeq: session.seq, operatorDeliveredSeq: session.seq } }),
    },
    events,
  };
};
