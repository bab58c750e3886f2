import type { MessageId, Sender, SessionId } from '@pocketping/protocol';
import type { PublicMessage, PublicSession } from '../../views.js';

/**
 * A storage of your own, of which four methods are enough. Everything else is optional: without it the engine keeps that in
 * memory, and says so when it starts. A class that has all of them and hands back whole records loses nothing of a conversation when
 * the process ends; custom events that have not arrived by then are lost.
 *
 * Methods may be async or not. What one throws fails what was being done, and nothing of that counts as done; a method that
 * writes may then be called again for the same id, so let it replace. Calls for one session come one after another.
 *
 * What is read may come in the forms that databases give things back in: an `id` is what makes a record one, so that `{}` is
 * none; names may be `snake_case`; dates may be `Date`s, texts or milliseconds; objects may be JSON.
 *
 * One process at a time may use such a storage: several need a `StoragePort`.
 */
export interface Storage {
  /** Keeps a new session. */
  createSession(session: StoredSession): unknown;
  /**
   * A session as it was last written; null, undefined or an object without an `id` where there is none. Strangers name ids, too: of
   * letters, digits, `_` and `-`.
   */
  getSession(id: SessionId): Answer<object | null | undefined>;
  /** Keeps a new message. */
  saveMessage(sessionId: SessionId, message: StoredMessage): unknown;
  /** The messages of a session, oldest first. */
  getMessages(sessionId: SessionId): Answer<readonly object[]>;

  /**
   * Replaces what is kept of a session, with each thing that happens in it. Without it a session comes back as it began: open, as
   * nobody in particular, unread, and in a new thread of every messaging app, where the conversation so far is posted again.
   */
  updateSession?(session: StoredSession): unknown;
  /**
   * Replaces what is kept of a message that was edited, or delivered somewhere; a deleted one has a `deletedAt` and no content.
   * Without it, messages come back as they were first written, and an app's edit of an earlier message is not understood.
   */
  updateMessage?(sessionId: SessionId, message: StoredMessage): unknown;
  /**
   * Removes a message, instead of `updateMessage` with what is left of it. **Without either, what was deleted comes back** when
   * the process starts again.
   */
  deleteMessage?(sessionId: SessionId, messageId: MessageId): unknown;
  /**
   * Keeps one of the team's private notes, for `getMessages` to bring back among the messages **with its `type` (`note`) or its
   * `isNote`**: what comes back without is shown to the visitor. Without it no note is ever handed over.
   */
  saveNote?(sessionId: SessionId, note: StoredMessage): unknown;
  /**
   * The sessions that are to be known from the start, at least the open ones; called once. Without it a session is known again
   * when its visitor returns or you name it: until then `getSessions()` lacks it, and the team cannot answer it.
   */
  getSessions?(): Answer<readonly object[]>;

  /** Called once, before anything else. */
  init?(): unknown;
  /** Lets go of connections. */
  close?(): unknown;
}

type Answer<T> = T | Promise<T>;

/**
 * A session as a `Storage` is given it. Each value stands for itself as text, too: dates become ISO 8601, objects become JSON, so that
 * a store of texts needs no conversion. Optional fields are absent, never null.
 */
export interface StoredSession extends PublicSession {
  /**
   * What the engine needs to go on where it was, as text that means nothing to anybody else: a hash of the visitor's token, positions,
   * threads. With it the visitor and the team go on after a restart; without it the visitor begins a new conversation.
   */
  readonly state: string;
}

/** A message as a `Storage` is given it; see {@link StoredSession}. */
export interface StoredMessage extends PublicMessage {
  /** The `sender`; `note` for a private note. */
  readonly type: Sender | 'note';
  /** The `timestamp`, but no two messages of a session share one: in its order they are in order. */
  readonly createdAt: Date;
  /** What the engine needs to go on where it was. */
  readonly state: string;
}
