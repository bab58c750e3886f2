import type { EventData, MessageId, Seq, SessionId } from '@pocketping/protocol';
import type { Actor, Audience, Instant } from './actor.js';
import type { Message } from './message.js';

/** How far a side has come, as the log records it. */
export interface ReadMark {
  readonly by: 'visitor' | 'operator';
  readonly status: 'delivered' | 'read';
  /** The other side's messages up to and including this `seq`. */
  readonly upTo: Seq;
}

/** A custom event: of the page where its actor is the visitor, else of the site's own code, and for the page. */
export interface LoggedEvent {
  readonly name: string;
  readonly data?: EventData;
  /** From then on it is not told to the page any more. */
  readonly expiresAt?: Instant;
}

type EventBody =
  | { readonly type: 'message' | 'message_edited' | 'message_deleted'; readonly messageId: MessageId }
  | { readonly type: 'read'; readonly data: ReadMark }
  | { readonly type: 'custom_event'; readonly data: LoggedEvent }
  /** A bridge is to post a message again that its platform refused. */
  | {
      readonly type: 'message_retried';
      readonly messageId: MessageId;
      readonly data: { readonly bridge: string };
    }
  /** Somebody on a bridge wants to see who the visitor is, once more. */
  | { readonly type: 'card_requested'; readonly data: { readonly bridge: string } }
  /** Something the team should know, in plain words. */
  | { readonly type: 'notice'; readonly data: { readonly text: string } }
  /** An AI answers from now on, or does no longer. */
  | { readonly type: 'ai_takeover'; readonly data: { readonly active: boolean; readonly reason?: string } }
  | {
      readonly type:
        | 'session_started'
        | 'session_closed'
        | 'session_reopened'
        | 'session_ended'
        | 'identified'
        /** The team keeps the visitor out, or lets them in again. */
        | 'visitor_blocked'
        | 'visitor_unblocked';
    };

/** An event that a commit is about to append. */
export type NewEvent = EventBody & {
  readonly actor: Actor;
  /** `all` unless said otherwise. */
  readonly audience?: Audience;
  /** The bridge on which the event's effect is visible already, and which need not be told. */
  readonly origin?: string;
  /** This event counts as an operator's answer: the commit sets `session.operatorSeq` to its `seq`. */
  readonly marks?: 'operator';
};

/** One entry of a session's log. It refers to messages and never copies their text. */
export type LogEvent = EventBody & {
  readonly sessionId: SessionId;
  /** Gapless within the session, from 1. */
  readonly seq: Seq;
  /** Grows over the whole project, with gaps. */
  readonly position: number;
  readonly at: Instant;
  readonly actor: Actor;
  readonly audience: Audience;
  readonly origin?: string;
};

export type EventType = LogEvent['type'];

/** An event with the message it refers to, as that message stands now. */
export interface LogEntry {
  readonly event: LogEvent;
  readonly message?: Message;
}
