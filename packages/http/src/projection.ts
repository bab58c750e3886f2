import {
  type Actor,
  type Announced,
  type Attachment,
  type Changed,
  type Connected,
  type EventsPage,
  type Health,
  type Identity,
  type LogEntry,
  type Message,
  type Presence,
  type ResetReason,
  type Signal,
  senderOf,
} from '@pocketping/core';
import type {
  ChangeResponse,
  ConnectResponse,
  EventData,
  Frame,
  FrameOf,
  MessageResponse,
  MessagesResponse,
  UploadResponse,
  WireAttachment,
  WireEvent,
  WireIdentity,
  WireMessage,
  WirePresence,
} from '@pocketping/protocol';

let lastInstant = Number.NaN;
let lastIso = '';

/** Most answers of a busy server share a millisecond with the one before. */
export const iso = (instant: number): string => {
  if (instant !== lastInstant) {
    lastIso = new Date(instant).toISOString();
    lastInstant = instant;
  }
  return lastIso;
};

/** A message as a visitor may see it; null for what is not meant for visitors. */
export function wireMessage(message: Message): WireMessage | null {
  if (message.audience !== 'all') return null;
  const { author, attachments, replyTo, clientMessageId, editedAt, deletedAt } = message;
  return {
    id: message.id,
    sessionId: message.sessionId,
    seq: message.seq,
    sender: senderOf(author),
    ...(author.kind !== 'visitor' && author.name !== undefined && { senderName: author.name }),
    content: deletedAt === undefined ? message.content : '',
    ...(attachments !== undefined && { attachments: attachments.map(wireAttachment) }),
    timestamp: iso(message.createdAt),
    version: message.version,
    ...(replyTo !== undefined && { replyTo }),
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(editedAt !== undefined && { editedAt: iso(editedAt) }),
    ...(deletedAt !== undefined && { deletedAt: iso(deletedAt) }),
  };
}

/** Its address holds what opens it. */
export const wireAttachment = ({ id, key, name, mimeType, size, status }: Attachment): WireAttachment => ({
  id,
  name,
  mimeType,
  size,
  status,
  ...(status === 'ready' && { url: `/files/${encodeURIComponent(id)}?key=${key}` }),
});

export const uploadAnswer = (
  { attachmentId, direct, expiresAt }: Announced,
  here: UploadResponse['method'],
): UploadResponse => ({
  attachmentId,
  uploadUrl: direct?.url ?? `/upload/${attachmentId}`,
  method: direct?.method ?? here,
  ...(direct && { headers: { ...direct.headers } }),
  ...(direct?.fields && { fields: { ...direct.fields } }),
  expiresAt: iso(expiresAt),
});

export const wireMessages = (messages: readonly Message[]): WireMessage[] =>
  messages.map(wireMessage).filter((message) => message !== null);

/** A log entry as a frame; null for what leaves a hole in a visitor's log. */
export function entryFrame({ event, message }: LogEntry): Frame | null {
  if (event.audience !== 'all') return null;
  const { seq } = event;
  switch (event.type) {
    case 'message':
    case 'message_edited':
    case 'message_deleted': {
      const data = message && wireMessage(message);
      return data ? { type: event.type, seq, data } : null;
    }
    case 'read': {
      const { by, status, upTo } = event.data;
      return { type: 'read', seq, data: { by, status, upTo } };
    }
    case 'session_closed':
    case 'session_ended':
      return {
        type: 'session_closed',
        seq,
        data: { by: closedBy(event.actor), ended: event.type === 'session_ended' },
      };
    case 'custom_event':
      // What the page told us is not told to the page.
      if (event.actor.kind === 'visitor') return null;
      return { type: 'event', seq, data: wireEvent(event.sessionId, event.at, event.data) };
    case 'message_retried':
    case 'session_started':
    case 'session_reopened':
    case 'identified':
    case 'card_requested':
    case 'visitor_blocked':
    case 'visitor_unblocked':
    case 'notice':
    case 'ai_takeover':
      return null;
  }
}

const closedBy = ({ kind }: Actor): FrameOf<'session_closed'>['data']['by'] =>
  kind === 'visitor' || kind === 'operator' ? kind : 'system';

const wireEvent = (
  sessionId: string,
  at: number,
  { name, data }: { readonly name: string; readonly data?: EventData },
): WireEvent => ({ name, ...(data !== undefined && { data }), timestamp: iso(at), sessionId });

/** @param sessionId of whoever is told it */
export function signalFrame(signal: Signal, sessionId: string): Frame {
  switch (signal.type) {
    case 'typing': {
      const { sender, name, isTyping } = signal;
      return { type: 'typing', data: { sender, ...(name !== undefined && { name }), isTyping } };
    }
    case 'presence':
      return { type: 'presence', data: wirePresence(signal.presence) };
    case 'event':
      return { type: 'event', data: wireEvent(sessionId, signal.at, signal) };
  }
}

export const resetFrame = (reason: ResetReason, seq?: number): Frame => ({
  type: 'reset',
  ...(seq !== undefined && { seq }),
  data: { reason },
});
export const pingFrame = (seq: number): Frame => ({ type: 'ping', seq, data: {} });

export const wirePresence = ({ online, operators }: Presence): WirePresence => ({
  online,
  ...(operators.length > 0 && { operators: [...operators] }),
});

export function wireIdentity(identity: Identity): WireIdentity {
  const { id, name, email, phone, customerId, metadata } = identity;
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(customerId !== undefined && { customerId }),
    ...(metadata !== undefined && { metadata }),
  };
}

export function connectAnswer(connected: Connected): ConnectResponse {
  const { session, token, seq, messages, hasMore, presence, welcomeMessage, uploads } = connected;
  return {
    sessionId: session.id,
    visitorId: session.visitorId,
    ...(token !== undefined && { token }),
    seq,
    status: session.status,
    operatorOnline: presence.online,
    ...(uploads && { uploads }),
    ...(welcomeMessage !== undefined && { welcomeMessage }),
    messages: wireMessages(messages),
    hasMore,
    read: {
      operatorDelivered: session.operatorDeliveredSeq,
      operatorRead: session.operatorReadSeq,
      visitorRead: session.visitorReadSeq,
    },
    ...(session.identity !== undefined && { identity: wireIdentity(session.identity) }),
  };
}

export const sentAnswer = ({ id, createdAt, seq }: Message): MessageResponse => ({
  messageId: id,
  timestamp: iso(createdAt),
  seq,
});

export const messagesAnswer = (page: { messages: Message[]; hasMore: boolean }): MessagesResponse => ({
  messages: wireMessages(page.messages),
  hasMore: page.hasMore,
});

/** The visitor's own message always has a wire form. */
export const changeAnswer = ({ message, seq }: Changed): ChangeResponse => ({
  message: wireMessage(message) as WireMessage,
  seq,
});

/** The frames that a page of the log shows a visitor. */
export const pageFrames = ({ entries, signals = [], reset, seq }: EventsPage, sessionId: string): Frame[] => [
  ...entries.map(entryFrame).filter((frame) => frame !== null),
  ...signals.map((signal) => signalFrame(signal, sessionId)),
  ...(reset ? [resetFrame(reset, reset === 'too_far_behind' ? seq : undefined)] : []),
];

/** Names and states only: whoever can reach the server can read it. */
export const healthAnswer = ({ status, bridges }: Health): Health => ({
  status,
  bridges: bridges.map(({ name, state, backlog, failing, reason }) => ({
    name,
    state,
    backlog,
    ...(failing !== undefined && { failing }),
    ...(reason !== undefined && { reason }),
  })),
});
