import type { LogEntry, Message } from '@pocketping/core';
import type { Connection } from './connection.js';
import { readMessage } from './reads.js';
import {
  EVENT,
  type EventRow,
  MESSAGE,
  type MessageRow,
  PROJECT,
  SEQS,
  toEvent,
  toMessage,
  toMessageEvent,
} from './rows.js';

/** The logs of all sessions after a position: what messages brought, and the other events, in one order. */
export const readFeed = (
  connection: Connection,
  { after, limit }: { after: number; limit: number },
): LogEntry[] => {
  const entries: LogEntry[] = [];
  const messages = new Map<string, Message>();
  for (const [sessionId, ...row] of connection.all<[string, ...MessageRow]>(MESSAGES_FROM, [after, limit])) {
    const message = toMessage(row, sessionId);
    messages.set(message.id, message);
    entries.push({ event: toMessageEvent(row, message), message });
  }
  for (const [sessionId, ...row] of connection.all<[string, ...EventRow]>(EVENTS_FROM, [after, limit])) {
    const event = toEvent(row, sessionId);
    const id = 'messageId' in event ? event.messageId : undefined;
    const message = id === undefined ? null : (messages.get(id) ?? readMessage(connection, id));
    if (message) messages.set(message.id, message);
    entries.push(message ? { event, message } : { event });
  }
  return entries.sort((a, b) => a.event.position - b.event.position).slice(0, limit);
};

/** Of the events that are there: numbers are reserved beforehand, so how far they go does not tell. */
export const readNewestPosition = (connection: Connection): number =>
  connection.get<[number]>(NEWEST, [])?.[0] ?? 0;

/** The unary plus keeps the index of ids from being taken. */
const OF_SESSION = `(SELECT id FROM sessions WHERE ordinal = place / ${SEQS})`;
const AFTER = 'position > ? ORDER BY position LIMIT ?';
const MESSAGES_FROM = `SELECT ${OF_SESSION}, ${MESSAGE} FROM messages WHERE +project_id = ${PROJECT} AND ${AFTER}`;
const EVENTS_FROM = `SELECT ${OF_SESSION}, ${EVENT} FROM events WHERE ${AFTER}`;
const NEWEST = `SELECT max(
  coalesce((SELECT max(position) FROM messages), 0), coalesce((SELECT max(position) FROM events), 0))`;
