import type { MessageId, Seq, SessionId } from '@pocketping/protocol';
import type { Actor, Audience, Instant } from './actor.js';
import type { Attachment } from './attachment.js';

/**
 * One message, as it stands: its content is the latest, and empty once it is deleted. What is absent may be `undefined`,
 * so that all messages can be of one shape.
 */
export interface Message {
  readonly id: MessageId;
  readonly sessionId: SessionId;
  /** The `seq` of the `message` event that brought it. */
  readonly seq: Seq;
  /** 1 when it is created; grows with every patch. */
  readonly version: number;
  readonly author: Actor;
  readonly audience: Audience;
  /** May be empty where there are attachments. */
  readonly content: string;
  /** Absent where there are none, and once the message is deleted. */
  readonly attachments?: readonly Attachment[] | undefined;
  readonly createdAt: Instant;
  readonly replyTo?: MessageId | undefined;
  readonly clientMessageId?: string | undefined;
  readonly editedAt?: Instant;
  readonly deletedAt?: Instant;
}
