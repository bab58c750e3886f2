import {
  type Committed,
  type Conflict,
  changedSession,
  createdSession,
  insertedMessages,
  type LogEvent,
  loggedEvents,
  type Message,
  patchedMessage,
  type Session,
  type WriteSet,
} from '@pocketping/core';
import type { Connection } from './connection.js';
import { remember, repeated } from './dedupe.js';
import type { Known, KnownSession } from './known.js';
import { holdsLease } from './leases.js';
import { readMessage } from './reads.js';
import { PROJECT, SEQS, SESSION, SESSIONS, type SessionRow, toSession } from './rows.js';
import { cancelTask, putTask } from './tasks.js';
import {
  insertEvent,
  insertMessage,
  insertSession,
  insertVisitor,
  isDescribedAnew,
  putBlock,
  putLink,
  putState,
  putThread,
  removeLinks,
  stateVersion,
  updateMessage,
  updateSession,
} from './writes.js';

/**
 * Checks a write set and writes it, inside of a transaction that holds the lock. A conflict is found before anything is
 * written; whoever calls undoes what an error left.
 * @throws Error for a write set that contradicts itself or the rows: the engine's mistake.
 */
export const commitToSqlite = (
  connection: Connection,
  known: Known,
  write: WriteSet,
  now: number,
): Committed | Conflict => {
  const { dedupe, events = [], update = [] } = write;
  const subject = subjectOf(connection, known, write);
  if (subject === 'unknown') return { conflict: 'session' };
  const before = subject?.session ?? null;
  if (!isAdmitted(connection, known, write, before)) return { conflict: 'token' };
  if (isKeptOut(connection, known, write, before)) return { conflict: 'blocked' };
  const earlier = dedupe && repeated(connection, known.dedupes, dedupe);
  if (earlier) return earlier;
  const failed = unmet(connection, write, before, now);
  if (failed) return { conflict: failed };

  const messages = insertedMessages(write, before);
  if (dedupe) {
    const seq = before?.seq ?? 0;
    remember(connection, known.dedupes, dedupe, {
      ordinal: subject?.ordinal ?? null,
      before: seq,
      last: seq + events.length,
      updated: update.map(({ id }) => id),
    });
  }
  if (write.block) {
    putBlock(connection, write.block, write.at);
    known.keepBlocked(write.block.visitorId, write.block.blocked);
  }
  if (write.visitor) insertVisitor(connection, write.visitor, write.at);
  const log = subject ? writeLog(connection, known, write, subject, messages) : EMPTY;
  writeRest(connection, known, write, now);
  return { session: log.session, events: log.events, messages: log.messages, duplicate: false };
};

const EMPTY = { session: null, events: [], messages: [] } as const;

/** The session a commit is about: as it stands, or, of one that is to be created, as it will begin. */
interface Subject extends KnownSession {
  readonly isNew: boolean;
}

/** @returns null for a commit without a session */
const subjectOf = (
  connection: Connection,
  known: Known,
  { at, session: target }: WriteSet,
): Subject | 'unknown' | null => {
  if (!target) return null;
  if ('create' in target) {
    const [newest] = connection.get<[number | null]>(NEWEST_SESSION, []) ?? [];
    return { ordinal: (newest ?? 0) + 1, session: createdSession(target.create, at), isNew: true };
  }
  const kept = known.session(target.id);
  if (kept) return { ordinal: kept.ordinal, session: kept.session, isNew: false };
  const row = connection.get<SessionRow>(SESSION_BY_ID, [target.id]);
  return row ? { ordinal: row[0], session: toSession(row), isNew: false } : 'unknown';
};

/** Whether `expect.token` opens the session, or exists, for a commit without one. */
const isAdmitted = (
  connection: Connection,
  known: Known,
  { expect }: WriteSet,
  session: Session | null,
): boolean => {
  const token = expect?.token;
  if (token === undefined) return true;
  let holder = known.visitorOfToken(token);
  if (holder === undefined) {
    holder = connection.get<[string]>(TOKEN_HOLDER, [token])?.[0];
    if (holder === undefined) return false;
    known.keepToken(token, holder);
  }
  return !session || holder === session.visitorId;
};

/** Whether `expect.notBlocked` does not hold. The token is known by now. */
const isKeptOut = (
  connection: Connection,
  known: Known,
  { expect }: WriteSet,
  session: Session | null,
): boolean => {
  if (!expect?.notBlocked) return false;
  const visitorId = session?.visitorId ?? known.visitorOfToken(expect.token ?? '');
  return visitorId !== undefined && isBlocked(connection, known, visitorId);
};

const isBlocked = (connection: Connection, known: Known, visitorId: string): boolean => {
  let blocked = known.isBlocked(visitorId);
  if (blocked === undefined) {
    blocked = connection.get(BLOCKED, [visitorId]) !== undefined;
    known.keepBlocked(visitorId, blocked);
  }
  return blocked;
};

/** Which of the expectations after `dedupe` does not hold, in their order. */
const unmet = (
  connection: Connection,
  { expect, state, visitor, session }: WriteSet,
  before: Session | null,
  now: number,
): Conflict['conflict'] | undefined => {
  if (expect) {
    const { seq, operatorSeq, status, fence } = expect;
    if (seq !== undefined && seq !== before?.seq) return 'seq';
    if (operatorSeq !== undefined && operatorSeq !== before?.operatorSeq) return 'operatorSeq';
    if (status !== undefined && status !== before?.status) return 'status';
    if (fence && !holdsLease(connection, fence.lease, fence.token, now)) return 'fence';
  }
  for (const { scope, key, ifVersion } of state ?? []) {
    if (ifVersion !== undefined && ifVersion !== stateVersion(connection, scope, key)) return 'state';
  }
  if (visitor && connection.get(KNOWN_VISITOR, [visitor.id, visitor.tokenHash])) return 'visitor';
  if (session && 'create' in session && connection.get(KNOWN_SESSION, [session.create.id])) return 'session';
  return undefined;
};

/** Writes the session, its events and its messages. */
const writeLog = (
  connection: Connection,
  known: Known,
  { at, session: target, events: newEvents = [], update = [] }: WriteSet,
  { ordinal, session: before, isNew }: Subject,
  inserted: readonly Message[],
) => {
  const after = changedSession(before, target && 'id' in target ? target : {}, newEvents, at);
  if (after.seq >= SEQS) throw new Error(`The log of session ${after.id} is full`);
  if (isNew) insertSession(connection, ordinal, after);
  else if (after !== before) {
    const endsWithMessage = newEvents.length > 0 && inserted.at(-1)?.seq === after.seq;
    updateSession(connection, ordinal, before, after, endsWithMessage);
  }
  // What stands in JSON is read again, so that it is what it has become there.
  if (isNew || isDescribedAnew(before, after)) known.dropSession(after.id);
  else known.keepSession({ ordinal, session: after });

  const position = newEvents.length > 0 ? known.takeNumbers(newEvents.length) : 0;
  const events = loggedEvents(newEvents, before.id, { seq: before.seq, position }, at);
  let next = 0;
  for (const event of events) {
    const message = inserted[next]?.seq === event.seq ? inserted[next++] : undefined;
    writeEvent(connection, ordinal, event, message);
  }

  if (update.length === 0) return { session: after, events, messages: inserted };
  const updated = update.map(({ id, patch }) => {
    const message = readMessage(connection, id);
    if (message?.sessionId !== before.id) throw new Error(`Session ${before.id} has no message ${id}`);
    const patched = patchedMessage(message, patch);
    updateMessage(connection, ordinal, patched);
    return patched;
  });
  return { session: after, events, messages: [...inserted, ...updated] };
};

const writeEvent = (
  connection: Connection,
  ordinal: number,
  event: LogEvent,
  message: Message | undefined,
): void => {
  if (message) insertMessage(connection, ordinal, message, event);
  else insertEvent(connection, ordinal, event);
};

const writeRest = (connection: Connection, known: Known, write: WriteSet, now: number): void => {
  for (const thread of write.threads ?? []) putThread(connection, thread, write.at);
  for (const post of write.unlink ?? []) removeLinks(connection, post);
  for (const link of write.links ?? []) putLink(connection, link);
  for (const key of write.cancel ?? []) cancelTask(connection, key);
  for (const task of write.tasks ?? []) putTask(connection, task, known.takeNumbers(1) + 1, now);
  for (const entry of write.state ?? []) putState(connection, entry);
};

const TOKEN_HOLDER = `SELECT visitor_id FROM tokens WHERE project_id = ${PROJECT} AND hash = ?`;
const BLOCKED = `SELECT 1 FROM blocks WHERE project_id = ${PROJECT} AND visitor_id = ?`;
const SESSION_BY_ID = `SELECT ${SESSION} FROM ${SESSIONS} WHERE project_id = ${PROJECT} AND id = ?`;
const NEWEST_SESSION = 'SELECT max(ordinal) FROM sessions';
const KNOWN_VISITOR = `SELECT 1 FROM visitors WHERE project_id = ${PROJECT} AND id = ?
  UNION ALL SELECT 1 FROM tokens WHERE project_id = ${PROJECT} AND hash = ?`;
const KNOWN_SESSION = `SELECT 1 FROM sessions WHERE project_id = ${PROJECT} AND id = ?`;
