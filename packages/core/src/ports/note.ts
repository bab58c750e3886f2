import type { EventData, SessionId, VisitorId } from '@pocketping/protocol';
import type { Actor, Attachment, Identity, Instant, SessionMetadata } from '../model/index.js';

/** What a bridge shows, free of any platform. All text in it comes from strangers: escape it. */
export type Note =
  /** The first post of a thread: who writes, and from where. */
  | { readonly kind: 'card'; readonly card: SessionCard }
  | MessageNote
  /** Several messages that share a post, oldest first. Rendered to one part, or the engine posts fewer of them together. */
  | { readonly kind: 'messages'; readonly messages: readonly MessageNote[] }
  /** The visitor told, or the site told, who they are. */
  | { readonly kind: 'identity'; readonly card: SessionCard }
  | EventNote
  | { readonly kind: 'closed'; readonly by: Actor }
  | { readonly kind: 'reopened'; readonly by: Actor }
  /** The visitor ended the conversation; replies no longer reach them. */
  | { readonly kind: 'departure' }
  /** The thread was lost: what was said before, in brief, oldest first. */
  | { readonly kind: 'recap'; readonly messages: readonly Quote[] }
  /** Something the team should know, in plain words. */
  | { readonly kind: 'notice'; readonly text: string };

/** Something happened on the visitor's page. */
export interface EventNote {
  readonly kind: 'event';
  /** What the page calls it. */
  readonly name: string;
  readonly data?: EventData;
  readonly sessionId: SessionId;
  readonly at: Instant;
  /** It stands for so many events of this name: the newest tells `data` and `at`. 1 unless said otherwise. */
  readonly count?: number;
}

export interface MessageNote {
  readonly kind: 'message';
  readonly author: Actor;
  /** May be empty where there are attachments. */
  readonly content: string;
  /**
   * What belongs to it; none is being fetched any more. Those that the platform takes come first, each in a part of its own
   * (`file`); what it does not take, or what could not be had, is named in the text.
   */
  readonly attachments?: readonly NoteAttachment[];
  /** `team`: a private note, which the visitor never sees; shown so that nobody takes it for an answer. `all` unless said otherwise. */
  readonly audience?: 'all' | 'team';
  readonly at: Instant;
  /** The message changed after it was first posted. */
  readonly edited: boolean;
  /** What it answers, for a bridge that cannot reply natively. `native`: the post will carry a native reply. */
  readonly replyTo?: Quote & { readonly native: boolean };
}

/** A file of a message, for a bridge to show. */
export interface NoteAttachment extends Pick<Attachment, 'id' | 'name' | 'mimeType' | 'size'> {
  readonly status: 'ready' | 'failed';
  /** Where people get it for some days, for what the platform does not take; absent where this server's address is not known. */
  readonly link?: string;
}

export interface Quote {
  readonly author: Actor;
  readonly content: string;
  /** As of a message: `team` is a private note, and should look like one. `all` unless said otherwise. */
  readonly audience?: 'all' | 'team';
}

/** A session as the team sees it. */
export interface SessionCard {
  readonly sessionId: SessionId;
  readonly visitorId: VisitorId;
  readonly startedAt: Instant;
  readonly metadata: SessionMetadata;
  readonly identity?: Identity;
}
