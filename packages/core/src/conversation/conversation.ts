import type {
  AttachmentId,
  ConnectRequest,
  DeleteRequest,
  EditRequest,
  EventData,
  EventRequest,
  EventsQuery,
  IdentifyRequest,
  MessageRequest,
  MessagesQuery,
  ReadRequest,
  Seq,
  SessionId,
  TypingRequest,
  UploadCompleteRequest,
  UploadRequest,
  VisitorId,
} from '@pocketping/protocol';
import type { FileProof, OpenFile } from '../attachments/open.js';
import type { Announced } from '../attachments/upload.js';
import type { Actor, Attachment, Identity, Instant, LogEntry, Message, Session } from '../model/index.js';

/** A visitor whose token was checked. What they may do is checked again by every commit. */
export interface VisitorActor {
  readonly kind: 'visitor';
  readonly id: VisitorId;
  readonly tokenHash: string;
  /** What the log says of them: one object for all that they do. */
  readonly author: Actor;
}

/**
 * What a visitor does. Each method is one use case; requests have passed the schemas of the protocol.
 * All of them throw `PocketPingError`: `session_not_found` for a session that is unknown or somebody else's,
 * `unauthorized` when the token was revoked meanwhile, `blocked` for a visitor whom the team keeps out, and what their own
 * line says.
 */
export interface Conversation {
  /** At once for a token that was checked lately. @throws `unauthorized` for a token nobody holds. */
  authenticate(token: string): Promise<VisitorActor> | VisitorActor;
  /**
   * Begins a session, or resumes the visitor's when `from.token` (or the request's `secret`) is theirs. A known
   * `visitorId` without a token becomes a new visitor with another id.
   * @throws `unauthorized` for a token nobody holds.
   */
  connect(request: ConnectRequest, from: ConnectOrigin): Promise<Connected>;
  /** Announces a file. @throws `not_found` where no files are taken, `payload_too_large`, `rate_limited`, `session_ended` */
  announce(actor: VisitorActor, request: UploadRequest): Promise<Announced>;
  /**
   * Takes the bytes of an announced file, where they come through this server. @param open called once, for a stream that fails
   * beyond so many bytes @throws `not_found`, `conflict`, `payload_too_large`, `validation_failed` for too few,
   * `unsupported_media_type`
   */
  takeBytes(
    actor: VisitorActor,
    attachmentId: AttachmentId,
    open: (maxBytes: number) => ReadableStream<Uint8Array>,
  ): Promise<void>;
  /** Harmless when it was said before. @throws `not_found`, `conflict`, `validation_failed`, `unsupported_media_type` */
  completeUpload(actor: VisitorActor, request: UploadCompleteRequest): Promise<Attachment>;
  /** A file, for whoever has an address of it. @throws `not_found` */
  openFile(attachmentId: AttachmentId, proof: FileProof): Promise<OpenFile>;
  /** A retry with the same `clientMessageId` returns the first result. @throws `session_ended`, `conflict`. */
  send(actor: VisitorActor, request: MessageRequest): Promise<Message>;
  /** @throws `message_not_found` for a message that is not the visitor's own, `message_deleted`. */
  edit(actor: VisitorActor, request: EditRequest): Promise<Changed>;
  /** Deleting twice is harmless. @throws `message_not_found` for a message that is not the visitor's own. */
  remove(actor: VisitorActor, request: DeleteRequest): Promise<Changed>;
  /** Raises the visitor's watermark to the newest of these messages. Unknown ids are passed over. */
  read(actor: VisitorActor, request: ReadRequest): Promise<void>;
  /** Tells whoever is connected and can show it. Not kept. */
  type(actor: VisitorActor, request: TypingRequest): Promise<void>;
  /** Something happened on the page: kept in the log, shown to the team, and told to the site's handlers. @throws `session_ended` */
  trigger(actor: VisitorActor, request: EventRequest): Promise<void>;
  /** An unverified claim. @throws `identity_conflict` where the session is verified as somebody else. */
  identify(actor: VisitorActor, request: IdentifyRequest): Promise<Identity>;
  /** The visitor's own end of the conversation. Harmless when it has ended. */
  leave(actor: VisitorActor, sessionId: SessionId): Promise<void>;
  /** @throws `message_not_found` for a cursor that names an unknown message. */
  messages(actor: VisitorActor, query: MessagesQuery): Promise<{ messages: Message[]; hasMore: boolean }>;
  /** The visitor's log after a cursor; waits up to `query.wait` seconds for a first entry, less when `signal` is aborted. */
  events(actor: VisitorActor, query: EventsQuery, signal: AbortSignal): Promise<EventsPage>;
  /**
   * The log from a cursor on, in order, each entry once, for as long as the follower wants it.
   * Resolves when the follower has been told everything up to the head.
   */
  follow(
    actor: VisitorActor,
    from: { sessionId: SessionId; after: Seq },
    follower: Follower,
  ): Promise<Following>;
  presence(): Promise<Presence>;
}

export interface ConnectOrigin {
  readonly token?: string;
  /** The client's address, kept with the session for the team to see. */
  readonly ip?: string;
}

export interface Connected {
  readonly session: Session;
  /** Present when this connect created the visitor, or repeated the one that did. */
  readonly token?: string;
  /** Follow from here: read before the messages. */
  readonly seq: Seq;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly presence: Presence;
  readonly welcomeMessage?: string;
  /** Present where files are taken. */
  readonly uploads?: { readonly maxBytes: number };
}

export interface Changed {
  readonly message: Message;
  /** The head of the log after the change. */
  readonly seq: Seq;
}

export interface EventsPage {
  /** Only what a visitor may see. */
  readonly entries: readonly LogEntry[];
  /** The cursor to go on from. */
  readonly seq: Seq;
  readonly hasMore: boolean;
  /** Broadcasts that were made while the page was waited for; with `reset`, the events that the page is still to be told. */
  readonly signals?: readonly Signal[];
  /** Set, without entries, when the log is not replayed from the cursor. */
  readonly reset?: ResetReason;
}

/** `too_far_behind`: more than a client should replay. `unknown_cursor`: ahead of the log. */
export type ResetReason = 'too_far_behind' | 'unknown_cursor';

export interface Presence {
  readonly online: boolean;
  readonly operators: readonly string[];
}

/** What is told to whoever is connected, and kept nowhere. */
export type Signal =
  | {
      readonly type: 'typing';
      readonly sender: 'operator' | 'ai';
      readonly name?: string;
      readonly isTyping: boolean;
    }
  | { readonly type: 'presence'; readonly presence: Presence }
  /** A broadcast. */
  | { readonly type: 'event'; readonly name: string; readonly data?: EventData; readonly at: Instant };

/** Whoever follows a session. What these methods throw ends the following. */
export interface Follower {
  entry(entry: LogEntry): void;
  signal(signal: Signal): void;
  /**
   * The log is not replayed; the following is over. Before it `signal` brought the events that the page was still to be told,
   * up to `seq`: whoever reloads may follow from there, and misses none that came meanwhile.
   */
  reset(reason: ResetReason, seq?: Seq): void;
  /** The engine ends the following: the token was revoked, the team keeps the visitor out, or this node stops. */
  end(reason: 'unauthorized' | 'blocked' | 'stopping'): void;
}

export interface Following {
  /** The newest `seq` the follower has been brought to, holes included. */
  readonly seq: Seq;
  /** Who of the team is there now. Of changes the follower is told. */
  readonly presence: Presence;
  close(): void;
}
