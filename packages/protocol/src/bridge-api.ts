import { z } from 'zod';
import { eventData, eventName } from './event.js';
import { LIMITS } from './limits.js';
import { senders, wireAttachment } from './message.js';
import { clientId, lenientText, text } from './text.js';
import { identity, sessionMetadata } from './visitor.js';

/*
 * The bridge API: what a backend tells a server whose bridges it uses, and what it hears of the team.
 */

const id = clientId(LIMITS.idLength);
const content = text(LIMITS.siteContentLength);
const personName = text(LIMITS.identityLength).min(1);
const instant = z.iso.datetime({ offset: true });

/** What every event has. */
const about = {
  /** Names the event, so that sending it again has no second effect. Without one it is an event of its own each time. */
  id: clientId(LIMITS.eventIdLength).optional(),
  /** Which backend it comes from, where several share a server: each has sessions and event ids of its own. */
  origin: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 lower-case letters, digits and dashes')
    .default('default'),
};

const mirroredSession = z.object({
  /** The backend's own id of the session. */
  id,
  /** The backend's own id of the visitor. */
  visitorId: id,
  metadata: sessionMetadata.extend({ ip: lenientText(LIMITS.metadataLength).optional() }).optional(),
  /** What the backend says of its visitor counts as verified, unless it says otherwise. */
  identity: identity.and(z.object({ verified: z.boolean().optional() })).optional(),
});

const saying = {
  /** The backend's own id of the message; the server names it where there is none. */
  id: clientId(LIMITS.eventIdLength).optional(),
  /** May be empty, or be left out, where there are attachments. */
  content: content.default(''),
  /** The message it answers, in this session. */
  replyTo: clientId(LIMITS.eventIdLength).optional(),
  /** Files that were brought before with `PUT /api/attachments/:id`. */
  attachmentIds: z.array(id).min(1).max(LIMITS.attachments).optional(),
};

const saidByVisitor = z.object(saying);
const saidByTeam = z.object({
  ...saying,
  /** Who answers. */
  sender: z.enum(senders).exclude(['visitor']).default('operator'),
  /** What people call them. */
  senderName: personName.optional(),
  /** A private note of the team: shown in the thread as such. */
  isNote: z.boolean().default(false),
});
/** Somebody of the backend's side. */
const backendOperator = z
  .object({ id: id.default('team'), name: personName })
  .default({ id: 'team', name: 'Team' });
const named = z.object({ id: clientId(LIMITS.eventIdLength) });
const changed = named.extend({ content });

const event = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.object({ type: z.literal(type), ...about, ...fields });
const ofSession = {
  sessionId: id,
  /** As an earlier answer told it: of a copy that began at another time, `session_not_found` is answered. */
  mirroredAt: instant.optional(),
};

/** `POST /api/events`: something happened in a session of the backend's, or in its team. */
export const bridgeEvent = z.discriminatedUnion('type', [
  /** A session began, or there is more to say of it. */
  event('new_session', { session: mirroredSession }),
  event('visitor_message', { ...ofSession, message: saidByVisitor }),
  event('visitor_message_edited', { ...ofSession, message: changed }),
  event('visitor_message_deleted', { ...ofSession, message: named }),
  /** Somebody answered elsewhere: in another app, from the site's own code, an AI. */
  event('operator_message', { ...ofSession, message: saidByTeam }),
  event('operator_message_edited', { ...ofSession, message: changed }),
  event('operator_message_deleted', { ...ofSession, message: named }),
  /** The visitor's client has what the team wrote, or the visitor has read it. */
  event('message_read', {
    ...ofSession,
    messageIds: z.array(clientId(LIMITS.eventIdLength)).min(1).max(LIMITS.readIds),
    status: z.enum(['delivered', 'read']).default('read'),
  }),
  /** The visitor types. Not kept. */
  event('visitor_typing', ofSession),
  /** Somebody of the team is there, or is not. */
  event('operator_status', {
    online: z.boolean(),
    operator: backendOperator,
  }),
  event('identity_update', { ...ofSession, identity: mirroredSession.shape.identity.unwrap() }),
  /** Something that the page told. */
  event('custom_event', { ...ofSession, event: z.object({ name: eventName, data: eventData.optional() }) }),
  /** An AI answers from now on, or, with `active: false`, does no longer. */
  event('ai_takeover', {
    ...ofSession,
    active: z.boolean().default(true),
    reason: text(LIMITS.metadataLength).optional(),
  }),
  /** Something the team should know, in plain words; with `replyTo` whoever wrote that message is told, where they wrote it. */
  event('notice', {
    ...ofSession,
    text: text(LIMITS.siteContentLength).min(1),
    replyTo: clientId(LIMITS.eventIdLength).optional(),
  }),
  event('session_closed', ofSession),
  event('session_reopened', ofSession),
  /** The visitor ended the conversation. */
  event('session_ended', ofSession),
]);

/** The answer to an event. */
export const bridgeEventAnswer = z.object({
  ok: z.literal(true),
  sessionId: z.string().optional(),
  /** Of a message: what the server calls it. */
  messageId: z.string().optional(),
  /** When the server's copy of the session began: another one means that it was lost in between. */
  mirroredAt: z.iso.datetime().optional(),
  /** The event had been taken before; nothing happened. */
  duplicate: z.boolean(),
});

/** `POST /api/sessions`: `new_session`. */
export const mirrorSessionRequest = mirroredSession.extend({ origin: about.origin });
/** `POST /api/messages`: `visitor_message` or `operator_message`, by its `sender`. `id` names the message and, with it, the event. */
export const mirrorMessageRequest = z.object({
  ...saying,
  ...ofSession,
  origin: about.origin,
  sender: z.enum(senders).default('visitor'),
  senderName: personName.optional(),
  isNote: z.boolean().default(false),
});
/** `GET /api/messages/:messageId`: whether a message of the backend's own is here; answered like the call that brought it. */
export const mirroredMessageQuery = z.object({
  ...ofSession,
  origin: about.origin,
  messageId: clientId(LIMITS.eventIdLength),
});
/** `POST /api/operator/status`: `operator_status`. */
export const operatorStatusRequest = z.object({
  origin: about.origin,
  online: z.boolean(),
  operator: backendOperator,
});
/** `POST /api/custom-events`: `custom_event`. */
export const mirrorCustomEventRequest = z.object({
  ...about,
  ...ofSession,
  name: eventName,
  data: eventData.optional(),
});
/** `POST /api/disconnect`: `session_ended`. */
export const mirrorDisconnectRequest = z.object({ ...ofSession, origin: about.origin });

/** `PUT /api/attachments/:attachmentId`: the bytes of a file, to be named by a message. Sent again, it is there already. */
export const bringAttachmentQuery = z.object({
  attachmentId: id,
  sessionId: id,
  origin: about.origin,
  /** As the file's owner calls it. */
  name: lenientText(1024),
  /** Bytes: exactly as many have to come. Where it is left out, the request's `Content-Length` says so. */
  size: z.coerce.number().int().min(1, 'must be at least 1: the file is empty').optional(),
});
export const bringAttachmentAnswer = z.object({ attachment: wireAttachment });

/** `GET /api/attachments/:attachmentId`: a file of the team's. */
export const fetchAttachmentQuery = z.object({
  attachmentId: id,
  origin: about.origin,
  /** The message that has it. */
  messageId: id,
});

/** `GET /api/events/stream` */
export const bridgeStreamQuery = z.object({
  origin: about.origin,
  /** A position: what came after it. Without this and `since`, what happens from now on. */
  after: z.coerce.number().int().nonnegative().optional(),
  /** A time: everything from then on, and perhaps a little before. */
  since: instant.optional(),
});

const teamMember = z.object({
  id: z.string(),
  name: z.string(),
  /** The bridge they spoke through. */
  via: z.string(),
});
const inCopy = {
  sessionId: z.string(),
  /** When the server's copy of the session began. */
  mirroredAt: z.iso.datetime(),
};
const ofTeam = { ...inCopy, operator: teamMember, timestamp: z.iso.datetime() };
const told = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.object({ type: z.literal(type), ...fields });
const teamMessage = z.object({
  id: z.string(),
  /** Empty where it is deleted by now. */
  content: z.string(),
  attachments: z.array(wireAttachment).optional(),
  replyTo: z.string().optional(),
  isNote: z.boolean().optional(),
  /** Grows with every change: of two copies, the higher version is the truth. */
  version: z.number().int().positive(),
  timestamp: z.iso.datetime(),
});

/**
 * What the stream tells: the team's doings in the backend's sessions, each with its position as the event's `id`, and who of
 * the team is there, which has no position and is told whenever it changes and when a stream begins.
 */
export const teamEvent = z.discriminatedUnion('type', [
  told('operator_message', { ...ofTeam, message: teamMessage }),
  told('operator_message_edited', { ...ofTeam, message: teamMessage }),
  told('operator_message_deleted', {
    ...ofTeam,
    message: teamMessage.pick({ id: true, version: true, timestamp: true, isNote: true }),
  }),
  /** The team closed the conversation. */
  told('session_closed', ofTeam),
  /** The team says that it has read what the visitor wrote. */
  told('visitor_messages_read', ofTeam),
  told('visitor_blocked', ofTeam),
  told('visitor_unblocked', ofTeam),
  told('operator_typing', { ...inCopy, operator: teamMember.pick({ name: true }) }),
  told('operator_status', {
    /** Everybody who said so, or whose last answer is not long ago; `online: false` of who said that they are not. */
    operators: z.array(teamMember.extend({ online: z.boolean(), version: z.number().int() })),
  }),
  /** Everything up to this position has been told, by this time of the server's clock. */
  told('ping', { position: z.number().int(), timestamp: z.iso.datetime() }),
]);

export type BridgeEvent = z.infer<typeof bridgeEvent>;
export type BridgeEventInput = z.input<typeof bridgeEvent>;
export type BridgeEventAnswer = z.infer<typeof bridgeEventAnswer>;
export type MirrorSessionRequest = z.infer<typeof mirrorSessionRequest>;
export type MirrorMessageRequest = z.infer<typeof mirrorMessageRequest>;
export type MirroredMessageQuery = z.infer<typeof mirroredMessageQuery>;
export type OperatorStatusRequest = z.infer<typeof operatorStatusRequest>;
export type MirrorCustomEventRequest = z.infer<typeof mirrorCustomEventRequest>;
export type MirrorDisconnectRequest = z.infer<typeof mirrorDisconnectRequest>;
export type BringAttachmentQuery = z.infer<typeof bringAttachmentQuery>;
export type BringAttachmentAnswer = z.infer<typeof bringAttachmentAnswer>;
export type BridgeStreamQuery = z.infer<typeof bridgeStreamQuery>;
export type TeamEvent = z.infer<typeof teamEvent>;
