import type {
  LinkKey,
  LogEntry,
  Message,
  MessageLink,
  MessagesPage,
  Session,
  SessionsQuery,
  StateEntry,
  Thread,
  ThreadKey,
  Visitor,
} from '@pocketping/core';
import type { Connection, SqliteValue } from './connection.js';
import {
  EVENT,
  type EventRow,
  LINK,
  type LinkRow,
  MESSAGE,
  type MessageRow,
  PROJECT,
  SEQ,
  SEQS,
  SESSION,
  SESSIONS,
  type SessionRow,
  STATE,
  type StateRow,
  THREAD,
  type ThreadRow,
  toEvent,
  toLink,
  toMessage,
  toMessageEvent,
  toSession,
  toState,
  toThread,
} from './rows.js';

export const readSession = (connection: Connection, id: string): Session | null => {
  const row = connection.get<SessionRow>(SESSION_BY_ID, [id]);
  return row ? toSession(row) : null;
};

export const readSessions = (
  connection: Connection,
  { visitorId, status, reached, before, limit }: SessionsQuery,
): Session[] => {
  // A unary plus keeps an index from being taken: without a filter, sessions are read from the newest backwards.
  const filtered = visitorId !== undefined || status !== undefined;
  let sql = `SELECT ${SESSION} FROM ${SESSIONS} WHERE ${filtered ? '' : 'ordinal > 0 AND +'}project_id = ${PROJECT}`;
  const values: SqliteValue[] = [];
  if (visitorId !== undefined) {
    sql += ' AND visitor_id = ?';
    values.push(visitorId);
  }
  if (status !== undefined) {
    // A visitor's few sessions are not looked for among all of that status.
    sql += visitorId === undefined ? ' AND status = ?' : ' AND +status = ?';
    values.push(status);
  }
  if (reached) sql += ' AND reached IS NOT NULL';
  if (before !== undefined) {
    sql += ` AND ordinal < (SELECT ordinal FROM sessions WHERE project_id = ${PROJECT} AND id = ?)`;
    values.push(before);
  }
  return connection
    .all<SessionRow>(`${sql} ORDER BY ordinal DESC LIMIT ?`, [...values, limit])
    .map(toSession);
};

export const readHeads = (connection: Connection, ids: readonly string[]): Map<string, number> =>
  new Map(connection.all<[string, number]>(HEADS, [JSON.stringify(ids)]));

export const readMessage = (connection: Connection, id: string): Message | null => {
  const row = connection.get<[sessionId: string, ...MessageRow]>(MESSAGE_BY_ID, [id]);
  if (!row) return null;
  const [sessionId, ...message] = row;
  return toMessage(message, sessionId);
};

export const readMessages = (
  connection: Connection,
  sessionId: string,
  { after, before, limit }: MessagesPage,
): Message[] => {
  const rows =
    after !== undefined
      ? connection.all<MessageRow>(MESSAGES_AFTER, [sessionId, Math.max(0, after), limit])
      : connection
          .all<MessageRow>(MESSAGES_BEFORE, [sessionId, Math.min(SEQS, before ?? SEQS), limit])
          .reverse();
  return rows.map((row) => toMessage(row, sessionId));
};

/** The log of a session after `after`: what messages brought, and the other events, in one order. */
export const readLog = (
  connection: Connection,
  sessionId: string,
  { after, limit }: { after: number; limit: number },
): LogEntry[] => {
  const values = [sessionId, Math.max(0, after), limit];
  const messages = connection.all<MessageRow>(MESSAGES_AFTER, values);
  const events = connection.all<EventRow>(EVENTS_AFTER, values);
  return entriesOf(connection, messages, events, () => sessionId)
    .sort((a, b) => a.event.seq - b.event.seq)
    .slice(0, limit);
};

/** The logs of all sessions after a position. */
export const readFeed = (
  connection: Connection,
  { after, limit }: { after: number; limit: number },
): LogEntry[] => {
  const messages = connection.all<[...MessageRow, sessionId: string]>(MESSAGES_FROM, [after, limit]);
  const events = connection.all<[...EventRow, sessionId: string]>(EVENTS_FROM, [after, limit]);
  return entriesOf(connection, messages, events, (row) => row.at(-1) as string)
    .sort((a, b) => a.event.position - b.event.position)
    .slice(0, limit);
};

/** What messages brought, and the other events, each with its message. */
const entriesOf = (
  connection: Connection,
  messageRows: readonly (MessageRow | [...MessageRow, sessionId: string])[],
  eventRows: readonly (EventRow | [...EventRow, sessionId: string])[],
  sessionOf: (row: readonly unknown[]) => string,
): LogEntry[] => {
  const entries: LogEntry[] = [];
  const messages = new Map<string, Message>();
  for (const row of messageRows) {
    const message = toMessage(row as MessageRow, sessionOf(row));
    messages.set(message.id, message);
    entries.push({ event: toMessageEvent(row as MessageRow, message), message });
  }
  for (const row of eventRows) {
    const event = toEvent(row as EventRow, sessionOf(row));
    const id = 'messageId' in event ? event.messageId : undefined;
    const message = id === undefined ? null : (messages.get(id) ?? readMessage(connection, id));
    if (message) messages.set(message.id, message);
    entries.push(message ? { event, message } : { event });
  }
  return entries;
};

/** Of the events that are there: numbers are reserved beforehand, so how far they go does not tell. */
export const readNewestPosition = (connection: Connection): number =>
  connection.get<[number]>(NEWEST_POSITION, [])?.[0] ?? 0;

export const readVisitor = (
  connection: Connection,
  by: { tokenHash: string } | { id: string },
): Visitor | null => {
  const row =
    'id' in by
      ? connection.get<VisitorRow>(VISITOR_BY_ID, [by.id])
      : connection.get<VisitorRow>(VISITOR_BY_TOKEN, [by.tokenHash]);
  if (!row) return null;
  const [id, createdAt, blockedAt] = row;
  return { id, createdAt, ...(blockedAt !== null && { blockedAt }) };
};

export const readThread = (
  connection: Connection,
  by: { bridge: string; sessionId: string } | ThreadKey,
): Thread | null => {
  const row =
    'threadId' in by
      ? connection.get<ThreadRow>(THREAD_BY_KEY, [by.bridge, by.chatId, by.threadId])
      : connection.get<ThreadRow>(THREAD_OF_SESSION, [by.sessionId, by.bridge]);
  return row ? toThread(row) : null;
};

export const readLinks = (
  connection: Connection,
  by: LinkKey | { bridge: string; messageId: string },
): MessageLink[] => {
  const rows =
    'messageId' in by
      ? connection.all<LinkRow>(LINKS_OF_MESSAGE, [by.bridge, by.messageId])
      : connection.all<LinkRow>(LINKS_OF_POST, [by.bridge, by.chatId, by.platformId]);
  return rows.map(toLink);
};

export const readState = (connection: Connection, scope: string, key: string): StateEntry | null => {
  const row = connection.get<StateRow>(STATE_BY_KEY, [scope, key]);
  return row ? toState(row) : null;
};

/** Keys are not empty, so all of them come after the empty one; a negative limit is none. */
export const readStates = (
  connection: Connection,
  scope: string,
  { after = '', limit = -1 }: { after?: string; limit?: number } = {},
): StateEntry[] => connection.all<StateRow>(STATES_OF_SCOPE, [scope, after, limit]).map(toState);

const OF_SESSION = `(SELECT id FROM sessions WHERE ordinal = place / ${SEQS})`;
const THE_SESSION = `(SELECT ordinal FROM sessions WHERE project_id = ${PROJECT} AND id = ?)`;
/** What stands after a seq of a session, or before one. */
const AFTER = `ON place > ordinal * ${SEQS} + ? AND place < (ordinal + 1) * ${SEQS} ORDER BY place LIMIT ?`;
const BEFORE = `ON place < ordinal * ${SEQS} + ? AND place > ordinal * ${SEQS} ORDER BY place DESC LIMIT ?`;
const SESSION_BY_ID = `SELECT ${SESSION} FROM ${SESSIONS} WHERE project_id = ${PROJECT} AND id = ?`;
const HEADS = `SELECT id, ${SEQ} FROM ${SESSIONS}
  WHERE project_id = ${PROJECT} AND id IN (SELECT value FROM json_each(?))`;
const MESSAGE_BY_ID = `SELECT ${OF_SESSION}, ${MESSAGE}
  FROM messages WHERE project_id = ${PROJECT} AND id = ?`;
const MESSAGES_AFTER = `SELECT ${MESSAGE} FROM ${THE_SESSION} CROSS JOIN messages ${AFTER}`;
const MESSAGES_BEFORE = `SELECT ${MESSAGE} FROM ${THE_SESSION} CROSS JOIN messages ${BEFORE}`;
const EVENTS_AFTER = `SELECT ${EVENT} FROM ${THE_SESSION} CROSS JOIN events ${AFTER}`;
/** The unary plus keeps the index of ids from being taken. */
const FROM = 'position > ? ORDER BY position LIMIT ?';
const MESSAGES_FROM = `SELECT ${MESSAGE}, ${OF_SESSION} FROM messages WHERE +project_id = ${PROJECT} AND ${FROM}`;
const EVENTS_FROM = `SELECT ${EVENT}, ${OF_SESSION} FROM events WHERE ${FROM}`;
const NEWEST_POSITION = `SELECT max(
  coalesce((SELECT max(position) FROM messages), 0), coalesce((SELECT max(position) FROM events), 0))`;
type VisitorRow = [id: string, createdAt: number, blockedAt: number | null];
const BLOCKED_AT = (table: string, id: string) =>
  `(SELECT since FROM blocks WHERE blocks.project_id = ${table}.project_id AND blocks.visitor_id = ${table}.${id})`;
const VISITOR_BY_ID = `SELECT id, created_at, ${BLOCKED_AT('visitors', 'id')} FROM visitors
  WHERE project_id = ${PROJECT} AND id = ?`;
const VISITOR_BY_TOKEN = `SELECT visitor_id, visitor_created_at, ${BLOCKED_AT('tokens', 'visitor_id')} FROM tokens
  WHERE project_id = ${PROJECT} AND hash = ?`;
const THREAD_BY_KEY = `SELECT ${THREAD} FROM threads
  WHERE project_id = ${PROJECT} AND bridge = ? AND chat_id = ? AND thread_id = ?`;
const THREAD_OF_SESSION = `SELECT ${THREAD} FROM threads
  WHERE project_id = ${PROJECT} AND session_id = ? AND bridge = ? AND retired_at IS NULL
  ORDER BY ordinal DESC LIMIT 1`;
const LINKS_OF_MESSAGE = `SELECT ${LINK} FROM links
  WHERE project_id = ${PROJECT} AND bridge = ? AND message_id = ? AND message_id <> ''
  ORDER BY part, chat_id, platform_id`;
const LINKS_OF_POST = `SELECT ${LINK} FROM links
  WHERE project_id = ${PROJECT} AND bridge = ? AND chat_id = ? AND platform_id = ? ORDER BY part, message_id`;
const STATE_BY_KEY = `SELECT ${STATE} FROM state WHERE project_id = ${PROJECT} AND scope = ? AND key = ?`;
const STATES_OF_SCOPE = `SELECT ${STATE} FROM state WHERE project_id = ${PROJECT} AND scope = ?
  AND key > ? ORDER BY key LIMIT ?`;
