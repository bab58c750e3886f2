import type { Instant, LogEntry, Message, OperatorState, Taken, TeamNews } from '@pocketping/core';
import type { BridgeEventAnswer, TeamEvent, WireAttachment } from '@pocketping/protocol';
import { iso, wireAttachment } from '../projection.js';

export const takenAnswer = ({ mirroredAt, ...taken }: Taken): BridgeEventAnswer => ({
  ok: true,
  ...taken,
  ...(mirroredAt !== undefined && { mirroredAt: iso(mirroredAt) }),
});

/** One piece of news as the stream tells it; null for what it does not tell. */
export const teamEventOf = (news: TeamNews, origin: string, now: Instant): TeamEvent | null => {
  switch (news.kind) {
    case 'entry':
      return entryEvent(news.entry, news.mirroredAt, origin);
    case 'upTo':
      return { type: 'ping', position: news.position, timestamp: iso(now) };
    case 'typing': {
      const { sessionId, name } = news.typing;
      return { type: 'operator_typing', sessionId, mirroredAt: iso(news.mirroredAt), operator: { name } };
    }
    case 'operators':
      return { type: 'operator_status', operators: news.operators.map(stated) };
  }
};

const stated = ({ id, name, via, online, version }: OperatorState) => ({ id, name, via, online, version });

const entryEvent = ({ event, message }: LogEntry, began: Instant, origin: string): TeamEvent | null => {
  const { id, name = '', via = '' } = event.actor;
  const copy = { sessionId: event.sessionId, mirroredAt: iso(began) };
  const about = { ...copy, operator: { id, name, via }, timestamp: iso(event.at) };
  switch (event.type) {
    case 'message':
    case 'message_edited': {
      if (!message) return null;
      const type = event.type === 'message' ? 'operator_message' : 'operator_message_edited';
      return { type, ...about, message: teamMessage(message, origin) };
    }
    case 'message_deleted': {
      if (!message) return null;
      const { id: messageId, version, timestamp, isNote } = teamMessage(message, origin);
      const gone = { id: messageId, version, timestamp, ...(isNote && { isNote }) };
      return { type: 'operator_message_deleted', ...about, message: gone };
    }
    case 'read':
      return { type: 'visitor_messages_read', ...about };
    case 'session_closed':
    case 'visitor_blocked':
    case 'visitor_unblocked':
      return { type: event.type, ...about };
    default:
      return null;
  }
};

const teamMessage = (message: Message, origin: string) => ({
  id: message.id,
  content: message.content,
  version: message.version,
  timestamp: iso(message.createdAt),
  ...(message.attachments && {
    attachments: message.attachments.map((attachment): WireAttachment => {
      const { id, name, mimeType, size, status } = wireAttachment(attachment);
      const url = `/api/attachments/${id}?messageId=${encodeURIComponent(message.id)}&origin=${origin}`;
      return { id, name, mimeType, size, status, ...(status !== 'failed' && { url }) };
    }),
  }),
  ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
  ...(message.audience === 'team' && { isNote: true }),
});
