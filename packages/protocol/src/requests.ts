import { z } from 'zod';
import { eventData, eventName } from './event.js';
import { frame } from './frames.js';
import { LIMITS } from './limits.js';
import { presence, sessionStatuses, watermarks, wireAttachment, wireMessage } from './message.js';
import { clientId, isBlank, lenientText, text } from './text.js';
import { identity, sessionMetadata } from './visitor.js';

const id = clientId(LIMITS.idLength);
const seq = z.coerce.number().int().nonnegative();
const content = text(LIMITS.contentLength).refine((value) => !isBlank(value), 'must not be empty');

/** `POST /connect`: begins a visitor's session, or resumes it when the request carries its token. */
export const connectRequest = z.object({
  visitorId: id,
  /** The session to resume; without it, or where it is not the visitor's, the latest that has not ended. */
  sessionId: id.optional(),
  metadata: sessionMetadata.optional(),
  identity: identity.optional(),
  /**
   * A random value the client keeps until its first connect is answered: a retry with the same secret
   * returns the same visitor, session and token. It is as good as a token; at least 128 bits, Base64url.
   */
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,128}$/, 'must be 22 to 128 characters of Base64url')
    .optional(),
});
export const connectResponse = z.object({
  sessionId: z.string(),
  visitorId: z.string(),
  /** Present when this request created the visitor; the client keeps it. */
  token: z.string().optional(),
  /** Follow the log from here. */
  seq: z.number().int(),
  status: z.enum(sessionStatuses),
  operatorOnline: z.boolean(),
  /** Present where this site takes files. */
  uploads: z.object({ maxBytes: z.number().int() }).optional(),
  welcomeMessage: z.string().optional(),
  /** The newest page, oldest first. */
  messages: z.array(wireMessage),
  hasMore: z.boolean(),
  read: watermarks,
  identity: identity.optional(),
});

/** `POST /message` */
export const messageRequest = z
  .object({
    sessionId: id,
    /** May be empty, or be left out, where there are attachments. */
    content: text(LIMITS.contentLength).default(''),
    replyTo: id.optional(),
    /** Completed uploads, in the order in which they are shown. Each belongs to one message only. */
    attachmentIds: z.array(id).min(1).max(LIMITS.attachments).optional(),
    /** Names the message so that a retry cannot double it. */
    clientMessageId: id.optional(),
  })
  .refine(({ content, attachmentIds }) => attachmentIds !== undefined || !isBlank(content), {
    path: ['content'],
    error: 'must not be empty',
  })
  .refine(({ attachmentIds = [] }) => new Set(attachmentIds).size === attachmentIds.length, {
    path: ['attachmentIds'],
    error: 'must not name an attachment twice',
  });
export const messageResponse = z.object({
  messageId: z.string(),
  timestamp: z.iso.datetime(),
  seq: z.number().int(),
});

/** `GET /messages`: a page of the conversation as it stands; the newest one by default, always oldest first. */
export const messagesQuery = z
  .object({
    sessionId: id,
    /** A message id, a seq, or an ISO 8601 time: what came after it, oldest page first. */
    after: id.optional(),
    /** The same: what came before it, newest page first. */
    before: id.optional(),
    limit: z.coerce.number().int().min(1).max(LIMITS.pageSize).default(50),
  })
  .refine((query) => !(query.after && query.before), 'takes after or before, not both');
export const messagesResponse = z.object({ messages: z.array(wireMessage), hasMore: z.boolean() });

/** `GET /events`: the log from a cursor on; waits for the next entry if there is none. */
export const eventsQuery = z.object({
  sessionId: id,
  after: seq.default(0),
  /** Seconds to wait for a first entry. */
  wait: z.coerce.number().int().min(0).max(LIMITS.waitSeconds).default(0),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageSize).default(LIMITS.pageSize),
});
export const eventsResponse = z.object({
  events: z.array(frame),
  /** The cursor to ask with next. */
  seq: z.number().int(),
  hasMore: z.boolean(),
});

/** `PATCH /message/:id`, or `POST /edit` with the id in the body. */
export const editRequest = z.object({ sessionId: id, messageId: id, content });
/** `DELETE /message/:id`, or `POST /delete` with the id in the body. */
export const deleteRequest = z.object({ sessionId: id, messageId: id });
/** What an edit or a deletion left behind. */
export const changeResponse = z.object({ message: wireMessage, seq: z.number().int() });

/** `POST /upload`: announces a file, and learns where its bytes go. */
export const uploadRequest = z.object({
  sessionId: id,
  /** As the visitor's system has it; what is no name is taken out of it. */
  name: lenientText(1024),
  /** What the client takes it for; what counts is what its bytes are. */
  mimeType: lenientText(LIMITS.idLength).optional(),
  /** Bytes: exactly as many have to come. */
  size: z.number().int().min(1, 'must be at least 1: the file is empty'),
});
export const uploadResponse = z.object({
  attachmentId: z.string(),
  /** Below the mount where it begins with a slash; such a request carries the visitor's token, any other must not. */
  uploadUrl: z.string(),
  method: z.enum(['PUT', 'POST']),
  /** Header fields that the upload has to have. */
  headers: z.record(z.string(), z.string()).optional(),
  /** For `POST`: fields of a form (`multipart/form-data`) that precede the one called `file`. */
  fields: z.record(z.string(), z.string()).optional(),
  /** Until when the bytes may come. */
  expiresAt: z.iso.datetime(),
});
/** `POST /upload/complete`: the bytes are there. A message has to follow within a day, or they are removed. */
export const uploadCompleteRequest = z.object({ sessionId: id, attachmentId: id });
export const uploadCompleteResponse = z.object({ attachment: wireAttachment });

/** `POST /read` */
export const readRequest = z.object({
  sessionId: id,
  messageIds: z.array(id).min(1).max(LIMITS.readIds),
  status: z.enum(['delivered', 'read']).default('read'),
});
/** `POST /typing` */
export const typingRequest = z.object({ sessionId: id, isTyping: z.boolean().default(true) });
/** `POST /event`: something happened on the page. */
export const eventRequest = z.object({
  sessionId: id,
  name: eventName,
  data: eventData.optional(),
  /** Names the event so that a retry cannot double it. */
  clientEventId: id.optional(),
});
/** `POST /identify` */
export const identifyRequest = z.object({ sessionId: id, identity });
export const identifyResponse = z.object({ identity });
/** `POST /disconnect`: the visitor ends the conversation. The next one is a new session. */
export const disconnectRequest = z.object({ sessionId: id });
export const okResponse = z.object({ ok: z.literal(true) });

/** `GET /presence` */
export const presenceResponse = presence;

/** `GET /stream`, as WebSocket or as server-sent events. */
export const streamQuery = z.object({ sessionId: id, after: seq.default(0) });

export type ConnectRequest = z.infer<typeof connectRequest>;
export type ConnectResponse = z.infer<typeof connectResponse>;
export type MessageRequest = z.infer<typeof messageRequest>;
export type MessageResponse = z.infer<typeof messageResponse>;
export type MessagesQuery = z.infer<typeof messagesQuery>;
export type MessagesResponse = z.infer<typeof messagesResponse>;
export type EventsQuery = z.infer<typeof eventsQuery>;
export type EventsResponse = z.infer<typeof eventsResponse>;
export type EditRequest = z.infer<typeof editRequest>;
export type DeleteRequest = z.infer<typeof deleteRequest>;
export type ChangeResponse = z.infer<typeof changeResponse>;
export type UploadRequest = z.infer<typeof uploadRequest>;
export type UploadResponse = z.infer<typeof uploadResponse>;
export type UploadCompleteRequest = z.infer<typeof uploadCompleteRequest>;
export type UploadCompleteResponse = z.infer<typeof uploadCompleteResponse>;
export type ReadRequest = z.infer<typeof readRequest>;
export type TypingRequest = z.infer<typeof typingRequest>;
export type EventRequest = z.infer<typeof eventRequest>;
export type IdentifyRequest = z.infer<typeof identifyRequest>;
export type IdentifyResponse = z.infer<typeof identifyResponse>;
export type DisconnectRequest = z.infer<typeof disconnectRequest>;
export type StreamQuery = z.infer<typeof streamQuery>;
