import type {
  LinkKey,
  LogEvent,
  Message,
  MessageLink,
  Session,
  StateWrite,
  ThreadWrite,
  WriteSet,
} from '@pocketping/core';
import type { Connection } from './connection.js';
import { PROJECT, placeOf } from './rows.js';

/*
 * The single writes a commit consists of.
 */

export const insertVisitor = (
  connection: Connection,
  { id, tokenHash }: NonNullable<WriteSet['visitor']>,
  at: number,
): void => {
  connection.run('INSERT INTO visitors (id, created_at) VALUES (?, ?)', [id, at]);
  connection.run(INSERT_TOKEN, [tokenHash, id, at]);
};

/** @throws Error for a visitor that does not exist */
export const putBlock = (
  connection: Connection,
  { visitorId, blocked }: NonNullable<WriteSet['block']>,
  at: number,
): void => {
  if (!connection.get(VISITOR_EXISTS, [visitorId])) throw new Error(`There is no visitor ${visitorId}`);
  if (blocked) connection.run(BLOCK, [visitorId, at]);
  else connection.run(UNBLOCK, [visitorId]);
};

export const insertSession = (connection: Connection, ordinal: number, session: Session): void => {
  const { id, visitorId, status, createdAt, metadata, identity } = session;
  connection.run(INSERT_SESSION, [
    ordinal,
    id,
    visitorId,
    status,
    createdAt,
    JSON.stringify(metadata),
    identity ? JSON.stringify(identity) : null,
  ]);
  connection.run(INSERT_HEAD, [...headOf(session), ordinal]);
  if (session.reachedAt !== undefined) connection.run(REACH, [ordinal]);
};

/**
 * Writes what changed. Mostly that is nothing: where only the log grew and a message ends it, the message says so.
 */
export const updateSession = (
  connection: Connection,
  ordinal: number,
  before: Session,
  after: Session,
  endsWithMessage: boolean,
): void => {
  if (onlyLogGrew(before, after)) {
    if (!endsWithMessage) connection.run(UPDATE_END, [after.lastActivityAt, after.seq, ordinal]);
  } else connection.run(UPDATE_HEAD, [...headOf(after), ordinal]);
  if (after.status !== before.status) connection.run(UPDATE_STATUS, [after.status, ordinal]);
  if (after.reachedAt !== undefined && before.reachedAt === undefined) connection.run(REACH, [ordinal]);
  if (isDescribedAnew(before, after)) {
    const identity = after.identity ? JSON.stringify(after.identity) : null;
    connection.run(UPDATE_DESCRIPTION, [JSON.stringify(after.metadata), identity, ordinal]);
  }
};

/** Whether what is kept as JSON has changed. */
export const isDescribedAnew = (before: Session, after: Session): boolean =>
  after.metadata !== before.metadata || after.identity !== before.identity;

const onlyLogGrew = (before: Session, after: Session): boolean =>
  after.operatorSeq === before.operatorSeq &&
  after.reachedAt === before.reachedAt &&
  after.operatorDeliveredSeq === before.operatorDeliveredSeq &&
  after.operatorReadSeq === before.operatorReadSeq &&
  after.visitorDeliveredSeq === before.visitorDeliveredSeq &&
  after.visitorReadSeq === before.visitorReadSeq;

const headOf = (session: Session) => [
  session.lastActivityAt,
  session.seq,
  session.operatorSeq,
  session.reachedAt ?? null,
  session.operatorDeliveredSeq,
  session.operatorReadSeq,
  session.visitorDeliveredSeq,
  session.visitorReadSeq,
];

/** Writes a message together with the event that brought it. */
export const insertMessage = (
  connection: Connection,
  ordinal: number,
  message: Message,
  event: LogEvent,
): void => {
  const author = JSON.stringify(message.author);
  const actor = event.actor === message.author ? author : JSON.stringify(event.actor);
  connection.run(INSERT_MESSAGE, [
    placeOf(ordinal, message.seq),
    message.id,
    event.position,
    author,
    message.audience,
    message.content,
    message.createdAt,
    message.replyTo ?? null,
    message.clientMessageId ?? null,
    event.origin ?? null,
    actor === author ? null : actor,
    event.audience === message.audience ? null : event.audience,
    listed(message.attachments),
  ]);
};

/** Writes an event that brought no message. */
export const insertEvent = (connection: Connection, ordinal: number, event: LogEvent): void => {
  connection.run(INSERT_EVENT, [
    placeOf(ordinal, event.seq),
    event.position,
    event.at,
    event.type,
    'messageId' in event ? event.messageId : null,
    'data' in event ? JSON.stringify(event.data) : null,
    JSON.stringify(event.actor),
    event.audience,
    event.origin ?? null,
  ]);
};

export const updateMessage = (connection: Connection, ordinal: number, message: Message): void => {
  const { version, content, attachments, editedAt = null, deletedAt = null, seq } = message;
  const values = [version, content, listed(attachments), editedAt, deletedAt];
  connection.run(UPDATE_MESSAGE, [...values, placeOf(ordinal, seq)]);
};

/** Most messages have none, and take no room for them. */
const listed = (attachments: Message['attachments']): string | null =>
  attachments === undefined ? null : JSON.stringify(attachments);

/** @throws Error for a patch of a thread that does not exist */
export const putThread = (connection: Connection, write: ThreadWrite, at: number): void => {
  const { bridge, chatId, threadId } = write;
  if ('open' in write) {
    connection.run(OPEN_THREAD, [bridge, chatId, threadId, write.open.sessionId, at]);
    return;
  }
  const { deliveredSeq = 0, retiredAt = null } = write.patch;
  if (connection.run(PATCH_THREAD, [deliveredSeq, retiredAt, bridge, chatId, threadId]) === 0) {
    throw new Error(`Thread ${threadId} of ${bridge} does not exist`);
  }
};

export const putLink = (connection: Connection, link: MessageLink): void => {
  connection.run(PUT_LINK, [
    link.bridge,
    link.chatId,
    link.platformId,
    link.messageId,
    link.part,
    link.threadId,
    link.sessionId,
    link.direction,
    link.version,
  ]);
};

export const removeLinks = (connection: Connection, { bridge, chatId, platformId }: LinkKey): void => {
  connection.run(REMOVE_LINKS, [bridge, chatId, platformId]);
};

/** @returns 0 when there is no such entry */
export const stateVersion = (connection: Connection, scope: string, key: string): number =>
  connection.get<[number]>(STATE_VERSION, [scope, key])?.[0] ?? 0;

export const putState = (connection: Connection, { scope, key, value }: StateWrite): void => {
  if (value === null) connection.run(REMOVE_STATE, [scope, key]);
  else connection.run(PUT_STATE, [scope, key, JSON.stringify(value)]);
};

const INSERT_TOKEN = 'INSERT INTO tokens (hash, visitor_id, visitor_created_at) VALUES (?, ?, ?)';
const VISITOR_EXISTS = `SELECT 1 FROM visitors WHERE project_id = ${PROJECT} AND id = ?`;
const BLOCK = 'INSERT INTO blocks (visitor_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING';
const UNBLOCK = `DELETE FROM blocks WHERE project_id = ${PROJECT} AND visitor_id = ?`;
const INSERT_SESSION = `INSERT INTO sessions (ordinal, id, visitor_id, status, created_at, metadata, identity)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const INSERT_HEAD = `INSERT INTO heads (last_activity_at, seq, operator_seq, reached_at,
    operator_delivered_seq, operator_read_seq, visitor_delivered_seq, visitor_read_seq, session)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE_END = 'UPDATE heads SET last_activity_at = ?, seq = ? WHERE session = ?';
const UPDATE_HEAD = `UPDATE heads SET last_activity_at = ?, seq = ?, operator_seq = ?, reached_at = ?,
    operator_delivered_seq = ?, operator_read_seq = ?, visitor_delivered_seq = ?, visitor_read_seq = ?
  WHERE session = ?`;
const UPDATE_STATUS = 'UPDATE sessions SET status = ? WHERE ordinal = ?';
const REACH = 'UPDATE sessions SET reached = 1 WHERE ordinal = ?';
const UPDATE_DESCRIPTION = 'UPDATE sessions SET metadata = ?, identity = ? WHERE ordinal = ?';
const INSERT_MESSAGE = `INSERT INTO messages (place, id, position, author, audience, content, created_at,
    reply_to, client_message_id, origin, event_actor, event_audience, attachments)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_EVENT = `INSERT INTO events (place, position, at, type, message_id, data, actor, audience, origin)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE_MESSAGE = `UPDATE messages SET version = ?, content = ?, attachments = ?, edited_at = ?, deleted_at = ?
  WHERE place = ?`;
const OPEN_THREAD = `INSERT INTO threads (bridge, chat_id, thread_id, session_id, opened_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;
const PATCH_THREAD = `UPDATE threads SET delivered_seq = max(delivered_seq, ?), retired_at = coalesce(?, retired_at)
  WHERE project_id = ${PROJECT} AND bridge = ? AND chat_id = ? AND thread_id = ?`;
const PUT_LINK = `INSERT OR REPLACE INTO links
    (bridge, chat_id, platform_id, message_id, part, thread_id, session_id, direction, version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const REMOVE_LINKS = `DELETE FROM links
  WHERE project_id = ${PROJECT} AND bridge = ? AND chat_id = ? AND platform_id = ?`;
const STATE_VERSION = `SELECT version FROM state WHERE project_id = ${PROJECT} AND scope = ? AND key = ?`;
const REMOVE_STATE = `DELETE FROM state WHERE project_id = ${PROJECT} AND scope = ? AND key = ?`;
const PUT_STATE = `INSERT INTO state (scope, key, value) VALUES (?, ?, ?)
  ON CONFLICT (project_id, scope, key) DO UPDATE SET value = excluded.value, version = version + 1`;
