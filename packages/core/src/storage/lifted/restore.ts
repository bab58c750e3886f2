import type { MessageId, Seq } from '@pocketping/protocol';
import { recordWrite } from '../../attachments/register.js';
import type { Instant, LogEvent, Message, Session, Watermark } from '../../model/index.js';
import { commitToMemory, type MemoryTables } from '../memory-commit.js';
import { placed } from '../memory-keys.js';
import { placeOf, type SessionRow } from '../memory-rows.js';
import type { Kept } from './kept.js';
import type { ReadMessage, ReadSession } from './reading.js';

/**
 * How many events may have happened since the last record of a storage that is not told of every one: a client must not have
 * seen a `seq` that comes again.
 */
const UNTOLD = 64;

/** Sessions of earlier processes stand before those of this one, by their creation. */
const ORDINAL_OF_EPOCH = -1e13;
const SAME_INSTANT = 1 / 256;

/**
 * Puts a session that a storage gave back where memory has its sessions, as if it had been here all along.
 * @param told whether the storage was told of every change of the session
 */
export const restore = (
  tables: MemoryTables,
  kept: Kept,
  { session: read, kept: state }: ReadSession,
  found: readonly ReadMessage[],
  told: boolean,
): void => {
  const { rows, tasks } = tables;
  const messages = numbered(found);
  const numberedAnew = found.some(({ message }) => message.seq < 1);
  const session = asItStands(read, messages, told);

  const visitor = rows.visitors.get(session.visitorId) ?? {
    id: session.visitorId,
    createdAt: session.createdAt,
  };
  rows.visitors.set(visitor.id, visitor);
  if (state?.token !== undefined) {
    rows.visitorByToken.set(state.token, visitor);
    kept.tokenOf.set(visitor.id, state.token);
  }
  if (state?.blockedAt !== undefined) rows.blockedSince.set(visitor.id, state.blockedAt);

  const row = rows.addSession(session, ordinalOf(rows.sessions, session.createdAt));
  const bridges = new Set(state?.threads.map(({ bridge }) => bridge));
  const events = logOf(session, messages, bridges, rows.position);
  rows.append(
    row,
    events,
    messages.map(({ message }) => message),
  );
  for (const { message, about } of messages) {
    kept.aboutOf.set(message.id, about);
    kept.storedAt.set(session.id, Math.max(about.storedAt, kept.storedAt.get(session.id) ?? 0));
    for (const link of about.links) rows.links.put(link);
    const { dedupe } = about;
    if (dedupe)
      rows.putDedupe(dedupe, { session: row, before: message.seq - 1, last: message.seq, updated: [] });
    putFiles(tables, message);
  }
  for (const thread of state?.threads ?? []) {
    const deliveredSeq = numberedAnew ? session.seq : thread.deliveredSeq;
    rows.putThread({ ...thread, deliveredSeq });
    kept.putThread(session.id, placed(thread.bridge, thread.chatId, thread.threadId));
  }
  for (const task of state?.tasks ?? []) if (!tasks.has(task)) tasks.put(task);
  kept.tasksOf.set(session.id, state?.tasks ?? []);
};

/** The messages by their `seq`. Where one is missing, all are numbered anew, in the order in which they were found. */
const numbered = (found: readonly ReadMessage[]): ReadMessage[] => {
  if (found.some(({ message }) => message.seq < 1)) {
    return found.map(({ message, about }, index) => ({
      message: { ...message, seq: index + 2 },
      about: { ...about, changed: undefined },
    }));
  }
  // A `seq` comes twice when the storage kept a message and failed all the same: the later one was committed under it.
  const bySeq = new Map<Seq, ReadMessage>();
  for (const one of found) {
    const other = bySeq.get(one.message.seq);
    if (!other || other.about.storedAt <= one.about.storedAt) bySeq.set(one.message.seq, one);
  }
  return [...bySeq.values()].sort((a, b) => a.message.seq - b.message.seq);
};

const asItStands = (session: Session, messages: readonly ReadMessage[], told: boolean): Session => {
  let { seq, operatorSeq, reachedAt, lastActivityAt } = session;
  for (const { message, about } of messages) {
    const { author, createdAt } = message;
    seq = Math.max(seq, message.seq, about.changed?.seq ?? 0);
    if (author.kind === 'operator' && message.audience === 'all')
      operatorSeq = Math.max(operatorSeq, message.seq);
    if (author.kind === 'visitor') reachedAt = Math.min(reachedAt ?? createdAt, createdAt);
    lastActivityAt = Math.max(lastActivityAt, createdAt);
  }
  const head = Math.max(seq, 1) + (told ? 0 : UNTOLD);
  return {
    ...session,
    seq: head,
    operatorSeq,
    lastActivityAt,
    ...(reachedAt !== undefined && { reachedAt }),
  };
};

/**
 * The log, as far as the records tell it. What they do not is filled with how far the sides have read.
 * @param bridges where the session's threads are known: what was said there need not be said there again
 */
const logOf = (
  session: Session,
  messages: readonly ReadMessage[],
  bridges: ReadonlySet<string>,
  position: number,
): LogEvent[] => {
  const told = new Map<Seq, Told>();
  for (const { message, about } of messages) {
    const { id: messageId, author: actor, audience, createdAt: at } = message;
    const origin = about.origin !== undefined && bridges.has(about.origin) ? { origin: about.origin } : {};
    told.set(message.seq, { type: 'message', messageId, actor, audience, at, ...origin });
    const { changed } = about;
    if (changed && !told.has(changed.seq)) {
      const when = message.deletedAt ?? message.editedAt ?? at;
      told.set(changed.seq, { type: changed.type, messageId, actor, audience, at: when });
    }
  }
  const visitor = { kind: 'visitor', id: session.visitorId } as const;
  if (!told.has(1)) {
    told.set(1, { type: 'session_started', actor: visitor, audience: 'all', at: session.createdAt });
  }
  const events: LogEvent[] = [];
  let at: Instant = session.createdAt;
  for (let seq = 1; seq <= session.seq; seq++) {
    const event = told.get(seq) ?? { ...readMark(session, seq), actor: visitor, at };
    at = event.at;
    events.push({ ...event, sessionId: session.id, seq, position: position + seq } as LogEvent);
  }
  return events;
};

interface Told {
  readonly type: 'message' | 'message_edited' | 'message_deleted' | 'session_started';
  readonly messageId?: MessageId;
  readonly actor: LogEvent['actor'];
  readonly audience: LogEvent['audience'];
  readonly at: Instant;
  readonly origin?: string;
}

const marks = [
  ['operatorDeliveredSeq', 'operator', 'delivered'],
  ['operatorReadSeq', 'operator', 'read'],
  ['visitorDeliveredSeq', 'visitor', 'delivered'],
  ['visitorReadSeq', 'visitor', 'read'],
] as const satisfies readonly (readonly [Watermark, 'operator' | 'visitor', 'delivered' | 'read'])[];

/** The newest of them are told to clients: they may have missed that. */
const readMark = (session: Session, seq: Seq) => {
  const [watermark, by, status] = marks[seq % marks.length] ?? marks[0];
  const isNews = session[watermark] > 0 && session.seq - seq < marks.length;
  const data = { by, status, upTo: session[watermark] };
  return { type: 'read' as const, data, audience: isNews ? ('all' as const) : ('team' as const) };
};

/** Addresses of files are good for as long as their messages. */
const putFiles = (tables: MemoryTables, message: Message): void => {
  for (const { status, source: _, ...file } of message.attachments ?? []) {
    if (status !== 'ready' || tables.rows.state.get('attachment')?.has(file.id)) continue;
    const record = recordWrite({ ...file, sessionId: message.sessionId, status: 'attached' });
    commitToMemory(tables, { at: message.createdAt, state: [record] });
  }
};

const ordinalOf = (sessions: readonly SessionRow[], createdAt: Instant): number => {
  let ordinal = ORDINAL_OF_EPOCH + createdAt;
  while (sessions[placeOf(sessions, ordinal)]?.ordinal === ordinal) ordinal += SAME_INSTANT;
  return ordinal;
};
