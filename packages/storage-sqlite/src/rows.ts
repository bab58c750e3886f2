import type {
  Actor,
  Attachment,
  Audience,
  Identity,
  Json,
  LogEvent,
  Message,
  MessageLink,
  Session,
  SessionMetadata,
  StateEntry,
  Task,
  Thread,
} from '@pocketping/core';

/*
 * Rows as tuples, each beside the columns it is selected by.
 */

/** The one project there is so far, as it stands in statements: a parameter costs more than a word. */
export const PROJECT = `'default'`;

/** More events than any session has. */
export const SEQS = 2 ** 26;

/** Each session with its head. */
export const SESSIONS = 'sessions CROSS JOIN heads ON heads.session = sessions.ordinal';

/** Of a session's newest message. It may have come after what the head tells: a head is not written for a message. */
const newest = (column: 'place' | 'created_at'): string =>
  `(SELECT ${column} FROM messages WHERE place > ordinal * ${SEQS} AND place < (ordinal + 1) * ${SEQS}
    ORDER BY place DESC LIMIT 1)`;

export const SEQ = `max(seq, coalesce(${newest('place')} % ${SEQS}, 0))`;

export const SESSION = `ordinal, id, visitor_id, status, created_at, last_activity_at, seq, operator_seq,
  reached_at, operator_delivered_seq, operator_read_seq, visitor_delivered_seq, visitor_read_seq, metadata, identity,
  ${newest('place')}, ${newest('created_at')}`;

export type SessionRow = [
  ordinal: number,
  id: string,
  visitorId: string,
  status: Session['status'],
  createdAt: number,
  lastActivityAt: number,
  seq: number,
  operatorSeq: number,
  reachedAt: number | null,
  operatorDeliveredSeq: number,
  operatorReadSeq: number,
  visitorDeliveredSeq: number,
  visitorReadSeq: number,
  metadata: string,
  identity: string | null,
  newestPlace: number | null,
  newestAt: number | null,
];

export const toSession = (row: SessionRow): Session => {
  const [newestPlace, newestAt] = [row[15], row[16]];
  const newestSeq = newestPlace === null ? 0 : seqAt(newestPlace);
  const isLater = newestAt !== null && newestSeq > row[6];
  return {
    id: row[1],
    visitorId: row[2],
    status: row[3],
    createdAt: row[4],
    lastActivityAt: isLater ? newestAt : row[5],
    seq: isLater ? newestSeq : row[6],
    operatorSeq: row[7],
    operatorDeliveredSeq: row[9],
    operatorReadSeq: row[10],
    visitorDeliveredSeq: row[11],
    visitorReadSeq: row[12],
    metadata: JSON.parse(row[13]) as SessionMetadata,
    ...(row[8] !== null && { reachedAt: row[8] }),
    ...(row[14] !== null && { identity: JSON.parse(row[14]) as Identity }),
  };
};

/** Where an event of a session stands: a session's ordinal and the seq in one number, the key of its row. */
export const placeOf = (ordinal: number, seq: number): number => ordinal * SEQS + seq;

const seqAt = (place: number): number => place % SEQS;

export const MESSAGE = `id, place, version, author, audience, content, created_at, reply_to,
  client_message_id, edited_at, deleted_at, position, origin, event_actor, event_audience, attachments`;

export type MessageRow = [
  id: string,
  place: number,
  version: number,
  author: string,
  audience: Audience,
  content: string,
  createdAt: number,
  replyTo: string | null,
  clientMessageId: string | null,
  editedAt: number | null,
  deletedAt: number | null,
  position: number,
  origin: string | null,
  eventActor: string | null,
  eventAudience: Audience | null,
  attachments: string | null,
];

export const toMessage = (row: MessageRow, sessionId: string): Message => ({
  id: row[0],
  sessionId,
  seq: seqAt(row[1]),
  version: row[2],
  author: JSON.parse(row[3]) as Actor,
  audience: row[4],
  content: row[5],
  createdAt: row[6],
  ...(row[15] !== null && { attachments: JSON.parse(row[15]) as Attachment[] }),
  ...(row[7] !== null && { replyTo: row[7] }),
  ...(row[8] !== null && { clientMessageId: row[8] }),
  ...(row[9] !== null && { editedAt: row[9] }),
  ...(row[10] !== null && { deletedAt: row[10] }),
});

/** The event that brought a message. */
export const toMessageEvent = (row: MessageRow, message: Message): LogEvent => ({
  sessionId: message.sessionId,
  seq: message.seq,
  position: row[11],
  at: message.createdAt,
  audience: row[14] ?? message.audience,
  type: 'message',
  messageId: message.id,
  actor: row[13] === null ? message.author : (JSON.parse(row[13]) as Actor),
  ...(row[12] !== null && { origin: row[12] }),
});

export const EVENT = 'place, position, at, type, message_id, data, actor, audience, origin';

export type EventRow = [
  place: number,
  position: number,
  at: number,
  type: string,
  messageId: string | null,
  data: string | null,
  actor: string,
  audience: Audience,
  origin: string | null,
];

/** The columns hold what `loggedEvents` made, so they make an event again. */
export const toEvent = (row: EventRow, sessionId: string): LogEvent =>
  ({
    sessionId,
    seq: seqAt(row[0]),
    position: row[1],
    at: row[2],
    audience: row[7],
    type: row[3],
    actor: JSON.parse(row[6]),
    ...(row[4] !== null && { messageId: row[4] }),
    ...(row[5] !== null && { data: JSON.parse(row[5]) }),
    ...(row[8] !== null && { origin: row[8] }),
  }) as LogEvent;

export const THREAD = 'bridge, chat_id, thread_id, session_id, opened_at, delivered_seq, retired_at';

export type ThreadRow = [
  bridge: string,
  chatId: string,
  threadId: string,
  sessionId: string,
  openedAt: number,
  deliveredSeq: number,
  retiredAt: number | null,
];

export const toThread = ([
  bridge,
  chatId,
  threadId,
  sessionId,
  openedAt,
  deliveredSeq,
  retiredAt,
]: ThreadRow): Thread => ({
  bridge,
  chatId,
  threadId,
  sessionId,
  openedAt,
  deliveredSeq,
  ...(retiredAt !== null && { retiredAt }),
});

export const LINK =
  'bridge, chat_id, platform_id, thread_id, session_id, message_id, part, direction, version';

export type LinkRow = [
  bridge: string,
  chatId: string,
  platformId: string,
  threadId: string,
  sessionId: string,
  messageId: string,
  part: number,
  direction: MessageLink['direction'],
  version: number,
];

export const toLink = ([
  bridge,
  chatId,
  platformId,
  threadId,
  sessionId,
  messageId,
  part,
  direction,
  version,
]: LinkRow): MessageLink => ({
  bridge,
  chatId,
  platformId,
  threadId,
  sessionId,
  messageId,
  part,
  direction,
  version,
});

export const TASK = 'number, queue, key, kind, session_id, payload, run_at, attempts, version';

export type TaskRow = [
  number: number,
  queue: string,
  key: string,
  kind: string,
  sessionId: string | null,
  payload: string | null,
  runAt: number,
  attempts: number,
  version: number,
];

/** @param id what names the task to its owner */
export const toTask = (
  [, queue, key, kind, sessionId, payload, runAt, attempts, version]: TaskRow,
  id: string,
): Task => ({
  id,
  queue,
  key,
  kind,
  runAt,
  attempts,
  version,
  ...(sessionId !== null && { sessionId }),
  ...(payload !== null && { payload: JSON.parse(payload) as Json }),
});

export const STATE = 'scope, key, value, version';

export type StateRow = [scope: string, key: string, value: string, version: number];

export const toState = ([scope, key, value, version]: StateRow): StateEntry => ({
  scope,
  key,
  value: JSON.parse(value) as Json,
  version,
});
