import type { Seq, SessionId } from '@pocketping/protocol';
import type { Instant, LogEvent, Message, NewEvent, Session } from '../model/index.js';
import type { MessagePatch, NewMessage, NewSession, SessionChange, WriteSet } from '../ports/storage.js';

/*
 * What a write set makes of the rows it meets. Pure, and shared by the storages that compute a commit in
 * this process, so that there is one meaning of it. What every commit makes is written field by field: V8 makes such an
 * object ten times as fast as one that is spread, and in one piece.
 */

/** A session as it stands before its first event. */
export const createdSession = (create: NewSession, at: Instant): Session => ({
  id: create.id,
  visitorId: create.visitorId,
  status: 'open',
  createdAt: at,
  lastActivityAt: at,
  seq: 0,
  operatorSeq: 0,
  operatorDeliveredSeq: 0,
  operatorReadSeq: 0,
  visitorDeliveredSeq: 0,
  visitorReadSeq: 0,
  metadata: create.metadata,
  ...(create.identity && { identity: create.identity }),
});

/** The events as the log keeps them: `seq` and `position` count on from those of the newest entry. */
export const loggedEvents = (
  events: readonly NewEvent[],
  sessionId: SessionId,
  after: { readonly seq: Seq; readonly position: number },
  at: Instant,
): LogEvent[] =>
  events.map((event, index) => {
    const seq = after.seq + index + 1;
    const position = after.position + index + 1;
    const { type, actor, audience = 'all' } = event;
    if (type === 'message' && event.origin === undefined) {
      return { sessionId, seq, position, at, audience, type, messageId: event.messageId, actor };
    }
    return { sessionId, seq, position, at, audience, ...unmarked(event) };
  });

const unmarked = (event: NewEvent) => {
  if (event.marks === undefined) return event;
  const { marks: _, ...rest } = event;
  return rest;
};

/** The session after `change` and after `events` were appended to its log. */
export const changedSession = (
  session: Session,
  change: Pick<SessionChange, 'patch' | 'advance'>,
  events: readonly NewEvent[],
  at: Instant,
): Session => {
  const { patch, advance } = change;
  if (!patch && !advance && events.length === 0) return session;
  const reachedAt = session.reachedAt ?? patch?.reachedAt;
  const marked = events.findLastIndex((event) => event.marks === 'operator');
  const identity = patch?.identity ?? session.identity;
  return {
    id: session.id,
    visitorId: session.visitorId,
    status: patch?.status ?? session.status,
    createdAt: session.createdAt,
    lastActivityAt: events.length > 0 ? at : session.lastActivityAt,
    seq: session.seq + events.length,
    operatorSeq: marked < 0 ? session.operatorSeq : session.seq + marked + 1,
    metadata: patch?.metadata ?? session.metadata,
    reachedAt,
    identity,
    operatorDeliveredSeq: Math.max(session.operatorDeliveredSeq, advance?.operatorDeliveredSeq ?? 0),
    operatorReadSeq: Math.max(session.operatorReadSeq, advance?.operatorReadSeq ?? 0),
    visitorDeliveredSeq: Math.max(session.visitorDeliveredSeq, advance?.visitorDeliveredSeq ?? 0),
    visitorReadSeq: Math.max(session.visitorReadSeq, advance?.visitorReadSeq ?? 0),
  };
};

/**
 * The messages as they begin, by `seq`: that of the event that brings each.
 * @throws Error for events or messages without a session, a message of another session, one without an event, and one
 *   that is named twice: the engine's mistakes.
 */
export const insertedMessages = (write: WriteSet, session: Session | null | undefined): Message[] => {
  const { at, insert = [], update = [], events = [] } = write;
  if (!session) {
    if (insert.length + update.length + events.length === 0) return [];
    throw new Error('A commit with events or messages needs a session');
  }
  if (insert.length + update.length > 1) refuseRepeated([...insert, ...update]);
  const messages = insert.map((message) => insertedMessage(message, session, events, at));
  return messages.length > 1 ? messages.sort((a, b) => a.seq - b.seq) : messages;
};

const refuseRepeated = (named: readonly { readonly id: string }[]): void => {
  const ids = new Set<string>();
  for (const { id } of named) {
    if (ids.has(id)) throw new Error(`A commit inserts or patches message ${id} twice`);
    ids.add(id);
  }
};

const insertedMessage = (
  message: NewMessage,
  session: Session,
  events: readonly NewEvent[],
  at: Instant,
): Message => {
  if (message.sessionId !== session.id) {
    throw new Error(`Message ${message.id} belongs to ${message.sessionId}, the commit to ${session.id}`);
  }
  const index = events.findIndex((event) => event.type === 'message' && event.messageId === message.id);
  if (index < 0) throw new Error(`Message ${message.id} has no "message" event in its commit`);
  const { id, sessionId, author, audience, content, attachments, replyTo, clientMessageId } = message;
  const seq = session.seq + index + 1;
  return {
    id,
    sessionId,
    seq,
    version: 1,
    author,
    audience,
    content,
    attachments,
    createdAt: at,
    replyTo,
    clientMessageId,
  };
};

/** A message after a patch. */
export const patchedMessage = (message: Message, patch: MessagePatch): Message => ({
  ...message,
  ...patch,
  version: message.version + 1,
});
