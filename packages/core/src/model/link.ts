import type { MessageId, Seq, SessionId } from '@pocketping/protocol';
import type { Instant } from './actor.js';

/** Where a session lives on a bridge: a forum topic, a thread, a conversation. Ids are the platform's, as strings. */
export interface Thread {
  readonly bridge: string;
  readonly chatId: string;
  readonly threadId: string;
  readonly sessionId: SessionId;
  readonly openedAt: Instant;
  /** Every event up to here is on the platform, or need not be. */
  readonly deliveredSeq: Seq;
  /** Since when the platform no longer takes posts here. What people still type in it is heard. */
  readonly retiredAt?: Instant;
}

/**
 * A message ↔ one message of a platform. A long message has a link for each part; a platform message that shows
 * several of ours has a link for each of them.
 */
export interface MessageLink {
  readonly bridge: string;
  readonly chatId: string;
  /** The platform's id of its message. */
  readonly platformId: string;
  /** The thread it stands in; empty outside of any. */
  readonly threadId: string;
  readonly sessionId: SessionId;
  /**
   * Empty where no message stands behind it: it is a command, with the version 0; the platform deleted it before we saw it; or it
   * was not delivered, and whoever wrote it was told so.
   */
  readonly messageId: MessageId | '';
  /** 0 for the first or only part. */
  readonly part: number;
  /** `in`: a person of the team wrote it there. `out`: the bridge posted it. */
  readonly direction: 'in' | 'out';
  /**
   * For `out`, the version of our message that the platform shows; for `in`, the platform's version we hold: of what was
   * deleted the highest there is.
   */
  readonly version: number;
}
