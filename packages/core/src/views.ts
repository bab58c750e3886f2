import type { EventData, MessageId, Sender, SessionId, SessionStatus, VisitorId } from '@pocketping/protocol';
import type {
  Actor,
  Attachment,
  Identity,
  Instant,
  Message,
  Session,
  SessionMetadata,
} from './model/index.js';

/** A session as the site's own code sees it: a copy, like all that it is handed. */
export interface PublicSession {
  readonly id: SessionId;
  readonly visitorId: VisitorId;
  /** `closed` by the team: a message reopens it. `ended` by the visitor. */
  readonly status: SessionStatus;
  readonly createdAt: Date;
  readonly lastActivity: Date;
  readonly metadata: SessionMetadata;
  /** Who the visitor is, if they or the site said so. */
  readonly identity?: Identity;
}

/** A message as the site's own code sees it. */
export interface PublicMessage {
  readonly id: MessageId;
  readonly sessionId: SessionId;
  readonly sender: Sender;
  /** The operator's name, where it is known. */
  readonly senderName?: string;
  /** Empty once the message is deleted. */
  readonly content: string;
  /** Its files, whose bytes `readAttachment` gives. */
  readonly attachments?: readonly PublicAttachment[];
  /** A private note of the team: visitors must never see it. */
  readonly isNote?: true;
  readonly timestamp: Date;
  readonly replyTo?: MessageId;
  readonly editedAt?: Date;
  readonly deletedAt?: Date;
}

/** A custom event, as the site's own code sees it. */
export interface CustomEvent {
  readonly name: string;
  readonly data?: EventData;
  /** When it was taken. */
  readonly timestamp: Date;
  readonly sessionId: SessionId;
}

/** A file of a message, as the site's own code sees it. */
export type PublicAttachment = Pick<Attachment, 'id' | 'name' | 'mimeType' | 'size' | 'status'>;

/** A row of a storage may be shared with others: what is made of it is a copy, down to the last object. */
export const publicSession = (session: Session): PublicSession => ({
  id: session.id,
  visitorId: session.visitorId,
  status: session.status,
  createdAt: new Date(session.createdAt),
  lastActivity: new Date(session.lastActivityAt),
  metadata: structuredClone(session.metadata),
  ...(session.identity && { identity: structuredClone(session.identity) }),
});

export const publicMessage = (message: Message): PublicMessage => ({
  id: message.id,
  sessionId: message.sessionId,
  sender: senderOf(message.author),
  ...(message.author.name !== undefined && { senderName: message.author.name }),
  content: message.content,
  ...(message.attachments && {
    attachments: message.attachments.map(({ id, name, mimeType, size, status }) => ({
      id,
      name,
      mimeType,
      size,
      status,
    })),
  }),
  ...(message.audience === 'team' && { isNote: true as const }),
  timestamp: new Date(message.createdAt),
  ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
  ...(message.editedAt !== undefined && { editedAt: new Date(message.editedAt) }),
  ...(message.deletedAt !== undefined && { deletedAt: new Date(message.deletedAt) }),
});

export const customEvent = (
  sessionId: SessionId,
  at: Instant,
  { name, data }: { readonly name: string; readonly data?: EventData },
): CustomEvent => ({
  name,
  ...(data !== undefined && { data: structuredClone(data) }),
  timestamp: new Date(at),
  sessionId,
});

/** The sender's kind as the wire and the site's code name it. */
export const senderOf = (author: Actor): Sender => (author.kind === 'apiKey' ? 'system' : author.kind);
