import type { MessageId, Seq, SessionId, SessionStatus, VisitorId } from '@pocketping/protocol';
import type {
  Identity,
  Instant,
  Json,
  LogEntry,
  LogEvent,
  Message,
  MessageLink,
  NewEvent,
  NewTask,
  Session,
  SessionMetadata,
  Task,
  TaskKey,
  Thread,
  Visitor,
  Watermark,
} from '../model/index.js';

/**
 * Where conversations live. An instance holds one project's rows; several nodes may each have an instance over
 * the same rows. Every method may reject when the storage cannot be reached, and has then changed nothing
 * unless its docstring says otherwise.
 */
export interface StoragePort {
  /** Prepares the storage, e.g. migrates it. Called once, before anything else. */
  init?(): Promise<void>;
  /** Lets go of connections and files. */
  close?(): Promise<void>;

  /**
   * Writes all of it or nothing. Concurrent commits to one session happen one after another; each sees the
   * effects of those before it, and the events of the session get consecutive `seq`s.
   *
   * Checked in this order, on the rows the commit locks: the session exists, `expect.token`, `expect.notBlocked`, `dedupe`, the other
   * expectations in the order of their declaration, `state[].ifVersion`, and that the visitor and the session to
   * create do not exist. Should the call reject, the commit may or may not have happened: repeat it with the same
   * `dedupe` to find out. A write set that contradicts itself or names a message or thread to change that does not
   * exist is the engine's mistake: it rejects, and nothing was written.
   *
   * What is removed goes before what is added: `unlink` before `links`, `cancel` before `tasks`.
   */
  commit(write: WriteSet): Promise<Committed | Conflict>;

  session(id: SessionId): Promise<Session | null>;
  /** Newest first by creation. */
  sessions(query: SessionsQuery): Promise<Session[]>;
  message(id: MessageId): Promise<Message | null>;
  /** Oldest first: the page nearest to the cursor; without one, the newest page. Deleted messages included. */
  messages(sessionId: SessionId, page: MessagesPage): Promise<Message[]>;
  /** The log after `after`, oldest first, each event with its message as that stands now. */
  events(sessionId: SessionId, page: { after: Seq; limit: number }): Promise<LogEntry[]>;
  /** The newest `seq` of each session that exists. */
  heads(sessionIds: readonly SessionId[]): Promise<Map<SessionId, Seq>>;
  /**
   * The log of the whole project after a position, in the order of the commits: nothing ever appears later at or before a
   * position that was returned. Each event with its message as that stands now.
   */
  feed(page: { after: number; limit: number }): Promise<LogEntry[]>;
  /** The position of the newest event; 0 where there is none. Whatever is committed from now on stands behind it. */
  newestPosition(): Promise<number>;

  /** Whose token this is, unless it was revoked. @param by.sessionId a session that the token names as its visitor's, for `namesSessions` */
  visitor(by: { tokenHash: string; sessionId?: SessionId } | { id: VisitorId }): Promise<Visitor | null>;
  /**
   * For a storage that finds a visitor through one of their sessions only, and so cannot tell whether an id is taken: then tokens name
   * a session, and visitors get their ids from the engine instead of bringing them.
   */
  readonly namesSessions?: true;

  /** The thread that a session lives in now, or the one a platform names, retired ones included. */
  thread(by: { bridge: string; sessionId: SessionId } | ThreadKey): Promise<Thread | null>;
  /** The links of one platform message, or of one of ours on a bridge; by part. */
  links(by: LinkKey | { bridge: string; messageId: MessageId }): Promise<MessageLink[]>;

  state(scope: string, key: string): Promise<StateEntry | null>;
  /** The entries of a scope, by key: those after a key, at most so many; or all of them, of a scope that is small. */
  states(scope: string, page?: { after?: string; limit: number }): Promise<StateEntry[]>;

  readonly tasks: TaskStore;
  readonly lease: LeaseStore;
}

export interface SessionsQuery {
  readonly status?: SessionStatus;
  readonly visitorId?: VisitorId;
  /** Only sessions with a `reachedAt`: most windows are opened and say nothing. */
  readonly reached?: true;
  /** Only sessions created before this one. */
  readonly before?: SessionId;
  readonly limit: number;
}

/** At most one of `after` and `before`; both exclusive. */
export interface MessagesPage {
  readonly after?: Seq;
  readonly before?: Seq;
  readonly limit: number;
}

export interface ThreadKey {
  readonly bridge: string;
  readonly chatId: string;
  readonly threadId: string;
}

export interface LinkKey {
  readonly bridge: string;
  readonly chatId: string;
  readonly platformId: string;
}

/** A small value that is not a session's: presence, cursors, dead letters. */
export interface StateEntry {
  readonly scope: string;
  readonly key: string;
  readonly value: Json;
  /** 1 when it is created, and one more with every write. */
  readonly version: number;
}

/** What one commit writes. */
export interface WriteSet {
  /** When, by the engine's clock: the `at` of the events and the `createdAt` of what is created. */
  readonly at: Instant;
  /** The session that the events, messages and threads belong to. */
  readonly session?: { readonly create: NewSession } | SessionChange;
  /** A visitor that must not exist yet. */
  readonly visitor?: { readonly id: VisitorId; readonly tokenHash: string };
  /** Keeps a visitor out from `at` on, or lets them in again. Blocking who is blocked changes nothing. */
  readonly block?: { readonly visitorId: VisitorId; readonly blocked: boolean };
  /** Each needs a `message` event of the same commit, which gives it its `seq`. No message is named twice here and in `update`. */
  readonly insert?: readonly NewMessage[];
  /** Patches, never whole rows. Each adds one to the message's `version`. */
  readonly update?: readonly { readonly id: MessageId; readonly patch: MessagePatch }[];
  readonly events?: readonly NewEvent[];
  /** `open` adds a thread, and changes nothing when the key exists; `patch` changes one that exists. */
  readonly threads?: readonly ThreadWrite[];
  /** Added, or replaced when (bridge, chatId, platformId, messageId, part) exists. */
  readonly links?: readonly MessageLink[];
  /** Removes all links of these platform messages. */
  readonly unlink?: readonly LinkKey[];
  /**
   * The same key replaces: the task's `version` grows, it runs at the new `runAt`, and once more if it is running.
   * One that waits and is added without a `runAt` keeps its place in the queue if it is due already. Its `attempts` stay.
   */
  readonly tasks?: readonly NewTask[];
  /** Removes tasks, claimed or not. */
  readonly cancel?: readonly TaskKey[];
  readonly state?: readonly StateWrite[];
  /**
   * The same key and digest as an earlier commit: nothing is written and that commit's result is returned.
   * The same key with another digest: a conflict.
   */
  readonly dedupe?: { readonly scope: string; readonly key: string; readonly digest: string } | undefined;
  readonly expect?: Expectations;
}

export interface SessionChange {
  readonly id: SessionId;
  readonly patch?: SessionPatch;
  /** Raises watermarks; one that stands higher already stays. */
  readonly advance?: Partial<Readonly<Record<Watermark, Seq>>>;
}

export interface NewSession {
  readonly id: SessionId;
  readonly visitorId: VisitorId;
  readonly metadata: SessionMetadata;
  readonly identity?: Identity;
}

export interface SessionPatch {
  readonly status?: SessionStatus;
  readonly metadata?: SessionMetadata;
  readonly identity?: Identity;
  /** Kept if it is set already. */
  readonly reachedAt?: Instant;
}

export type NewMessage = Omit<Message, 'seq' | 'version' | 'createdAt' | 'editedAt' | 'deletedAt'>;
export type MessagePatch = Pick<Partial<Message>, 'content' | 'attachments' | 'editedAt' | 'deletedAt'>;

export type ThreadWrite = ThreadKey &
  ({ readonly open: { readonly sessionId: SessionId } } | { readonly patch: ThreadPatch });
/** `deliveredSeq` only rises. */
export type ThreadPatch = Partial<Pick<Thread, 'deliveredSeq' | 'retiredAt'>>;

export interface StateWrite {
  readonly scope: string;
  readonly key: string;
  /** `null` removes the entry. */
  readonly value: Json;
  /** The version the writer saw, 0 for none. Otherwise the last writer wins. */
  readonly ifVersion?: number;
}

/** What must hold on the locked rows, or nothing is written. */
export interface Expectations {
  /** This token is not revoked and belongs to the session's visitor. */
  readonly token?: string;
  /** The session's visitor, or the token's where the commit has no session, is not blocked. */
  readonly notBlocked?: true;
  readonly seq?: Seq;
  readonly operatorSeq?: Seq;
  readonly status?: SessionStatus;
  /** This lease is still held under this fencing token. */
  readonly fence?: { readonly lease: string; readonly token: number };
}

export interface Committed {
  readonly conflict?: undefined;
  /** The session after the commit, of a duplicate as it stands now; null for a commit without one. */
  readonly session: Session | null;
  /** The events that were appended, in order. */
  readonly events: readonly LogEvent[];
  /** The messages inserted and updated, as they stand after the commit; of a duplicate, as they stand now. */
  readonly messages: readonly Message[];
  /** True when `dedupe` found an earlier commit: this is its result, and nothing was written. */
  readonly duplicate: boolean;
}

/** Which expectation did not hold. Nothing was written. */
export interface Conflict {
  readonly conflict:
    | 'session'
    | 'token'
    | 'blocked'
    | 'dedupe'
    | 'seq'
    | 'operatorSeq'
    | 'status'
    | 'fence'
    | 'state'
    | 'visitor';
}

/** Tasks are claimed under a lease that goes by the storage's clock. */
export interface TaskStore {
  /**
   * Takes up to `limit` tasks of these queues that are due and that nobody holds, longest due first, and holds
   * them for `leaseMs`. A task is claimed by one owner only, until its lease ends.
   */
  claim(request: {
    queues: readonly string[];
    owner: string;
    leaseMs: number;
    limit: number;
  }): Promise<Task[]>;
  /** Prolongs the lease. False when `owner` no longer holds the task. */
  renew(id: string, owner: string, leaseMs: number): Promise<boolean>;
  /**
   * Removes the task, unless it was added again since it was claimed (its version is higher than `version`):
   * then it is due at the `runAt` it was added with, and its `attempts` are 0. A former owner's `done` changes nothing.
   */
  done(id: string, owner: string, version: number): Promise<void>;
  /**
   * Hands the task back: it is due again in `delayMs`; if it was added again meanwhile, at the `runAt` it was added
   * with. With `error`, it counts as an attempt. A former owner's call changes nothing.
   */
  retry(id: string, owner: string, delayMs: number, error?: string): Promise<void>;
  /**
   * Hands back what anybody but `owner` holds of a queue, so that it is due as before. For an owner whom a lease makes
   * the only one to work the queue: what its predecessor left need not wait for the end of its leases.
   */
  reclaim(queue: string, owner: string): Promise<void>;
  /** How many tasks of a queue wait or run. */
  count(queue: string): Promise<number>;
}

/** Named leases: at most one owner at a time, by the storage's clock. */
export interface LeaseStore {
  /**
   * Takes the lease, or prolongs it when `owner` has it. A storage that knows that an owner is gone for good may end
   * its lease early.
   * @returns the fencing token, which grows with every change of owner; null when somebody else holds the lease.
   */
  take(name: string, owner: string, ms: number): Promise<number | null>;
  /** Gives the lease up. Somebody else's stays. */
  release(name: string, owner: string): Promise<void>;
}
