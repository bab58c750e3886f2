import {
  type Committed,
  type Conflict,
  changedSession,
  createdSession,
  insertedMessage,
  type LogEvent,
  loggedEvents,
  type Message,
  patchedMessage,
  type Session,
  type WriteSet,
} from '@pocketping/core';
import type { Connection } from './connection.js';
import { remember, repeated } from './dedupe.js';
import type { Numbers } from './group-commit.js';
import { holdsLease } from './leases.js';
import { readMessage } from './reads.js';
import { PROJECT, SESSION, type SessionRow, toSession } from './rows.js';
import { cancelTask, putTask } from './tasks.js';
import {
  insertEvent,
  insertMessage,
  insertSession,
  insertVisitor,
  putLink,
  putState,
  putThread,
  removeLinks,
  stateVersion,
  updateMessage,
  updateSession,
} from './writes.js';

/** How many numbers a write set takes at most: one for each event, and for each task in case it is new. */
export const numbersOf = ({ events, tasks }: WriteSet): number =>
  (events?.length ?? 0) + (tasks?.length ?? 0);

/**
 * Checks a write set and writes it, inside of a transaction that holds the lock. A conflict is found before anything is
 * written; whoever calls undoes what an error left.
 * @throws Error for a write set that contradicts itself or the rows: the engine's mistake.
 */
export const commitToSqlite = (
  connection: Connection,
  write: WriteSet,
  numbers: Numbers,
  now: number,
): Committed | Conflict => {
  const { dedupe } = write;
  const subject = subjectOf(connection, write);
  if (!subject) return { conflict: 'session' };
  if (!subject.admitted) return { conflict: 'token' };
  const failed = unmet(connection, write, subject.session, now);
  if (failed) return (dedupe && repeated(connection, dedupe)) ?? { conflict: failed };

  const messages = insertedMessages(write, subject.session);
  if (dedupe) {
    const result = resultOf(write, subject.session, messages);
    if (!remember(connection, dedupe, result)) return repeated(connection, dedupe) as Committed | Conflict;
  }
  if (write.visitor) insertVisitor(connection, write.visitor, write.at);
  const log = subject.session ? writeLog(connection, write, subject, messages, numbers) : EMPTY;
  writeRest(connection, write, numbers, now);
  return { session: log.session, events: log.events, messages: log.messages, duplicate: false };
};

const EMPTY = { session: null, events: [], messages: [] } as const;

/** The session a commit is about, and whether its `expect.token` opens it. */
interface Subject {
  /** As it stands; of one that is to be created, as it will begin; null for a commit without one. */
  readonly session: Session | null;
  /** Its name in the other tables, if it exists. */
  readonly ordinal: number | null;
  readonly admitted: boolean;
}

/** Reads the session, and whose token it is, in one statement. @returns null when there is no such session */
const subjectOf = (connection: Connection, { at, session: target, expect }: WriteSet): Subject | null => {
  const token = expect?.token;
  if (target && 'id' in target) {
    const row = connection.get<[...SessionRow, string | null]>(SESSION_AND_HOLDER, [
      token ?? null,
      target.id,
    ]);
    if (!row) return null;
    const session = toSession(row as unknown as SessionRow);
    const admitted = token === undefined || row[HOLDER] === session.visitorId;
    return { session, ordinal: row[0], admitted };
  }
  const session = target ? createdSession(target.create, at) : null;
  const holder = token === undefined ? undefined : connection.get<[string]>(TOKEN_HOLDER, [token])?.[0];
  const admitted =
    token === undefined || (holder !== undefined && (!session || holder === session.visitorId));
  return { session, ordinal: null, admitted };
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

/** The messages that will be inserted, by `seq`. */
const insertedMessages = (write: WriteSet, session: Session | null): Message[] => {
  const { insert = [], update = [], events = [], at } = write;
  if (!session) {
    if (insert.length + update.length + events.length === 0) return [];
    throw new Error('A commit with events or messages needs a session');
  }
  const messages = insert.map((message) => insertedMessage(message, session, events, at));
  return messages.length > 1 ? messages.sort((a, b) => a.seq - b.seq) : messages;
};

const resultOf = ({ events = [], update = [] }: WriteSet, session: Session | null, inserted: Message[]) => ({
  session: session?.id ?? null,
  events: [(session?.seq ?? 0) + 1, (session?.seq ?? 0) + events.length] as const,
  messages: [...inserted, ...update].map(({ id }) => id),
});

/** Writes the session, its events and its messages. */
const writeLog = (
  connection: Connection,
  { at, session: target, events: newEvents = [], update = [] }: WriteSet,
  subject: Subject,
  inserted: readonly Message[],
  numbers: Numbers,
) => {
  const before = subject.session as Session;
  const after = changedSession(before, target && 'id' in target ? target : {}, newEvents, at);
  const ordinal = subject.ordinal ?? insertSession(connection, after);
  if (subject.ordinal !== null && after !== before) updateSession(connection, ordinal, before, after);

  const position = numbers.take(newEvents.length);
  const events = loggedEvents(newEvents, before.id, { seq: before.seq, position }, at);
  const brought = new Map(inserted.map((message) => [message.seq, message]));
  for (const event of events) writeEvent(connection, ordinal, event, brought.get(event.seq));

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

const writeRest = (connection: Connection, write: WriteSet, numbers: Numbers, now: number): void => {
  for (const thread of write.threads ?? []) putThread(connection, thread, write.at);
  for (const post of write.unlink ?? []) removeLinks(connection, post);
  for (const link of write.links ?? []) putLink(connection, link);
  for (const key of write.cancel ?? []) cancelTask(connection, key);
  for (const task of write.tasks ?? []) putTask(connection, task, numbers.take(1) + 1, now);
  for (const entry of write.state ?? []) putState(connection, entry);
};

const TOKEN_HOLDER = `SELECT visitor_id FROM tokens WHERE project_id = ${PROJECT} AND hash = ?`;
const SESSION_AND_HOLDER = `SELECT ${SESSION}, (${TOKEN_HOLDER})
  FROM sessions WHERE project_id = ${PROJECT} AND id = ?`;
/** The place of the token's holder, behind the session's columns. */
const HOLDER = 15;
const KNOWN_VISITOR = `SELECT 1 FROM visitors WHERE project_id = ${PROJECT} AND id = ?
  UNION ALL SELECT 1 FROM tokens WHERE project_id = ${PROJECT} AND hash = ?`;
const KNOWN_SESSION = `SELECT 1 FROM sessions WHERE project_id = ${PROJECT} AND id = ?`;
