import type { MessageId, Seq, SessionId, VisitorId } from '@pocketping/protocol';
import type { Instant, Message, MessageLink, NewTask, Session, Thread } from '../../model/index.js';
import type { LinkKey, WriteSet } from '../../ports/index.js';

/** What is kept with a session beyond its documented fields, in its `state`. */
export interface KeptOfSession {
  readonly session: Omit<Session, 'id'>;
  /** The hash of its visitor's token. */
  readonly token?: string | undefined;
  readonly blockedAt?: Instant | undefined;
  readonly threads: readonly Thread[];
  /** What was to be done and may not have been. */
  readonly tasks: readonly NewTask[];
}

/** What is kept with a message beyond its documented fields, in its `state`. */
export interface KeptOfMessage {
  readonly message: Omit<Message, 'id' | 'sessionId' | 'content'>;
  readonly about: AboutMessage;
}

/** What a message brings to the rows besides itself. */
export interface AboutMessage {
  /** Of its record: grows from message to message. */
  readonly storedAt: Instant;
  /** The bridge on which it stood already. */
  readonly origin?: string | undefined;
  readonly dedupe?: WriteSet['dedupe'];
  /** The newest event that says that it changed. */
  readonly changed?: { readonly seq: Seq; readonly type: 'message_edited' | 'message_deleted' } | undefined;
  readonly links: readonly MessageLink[];
}

/** What memory has of sessions and messages that its tables do not have by their ids. */
export class Kept {
  readonly tokenOf = new Map<VisitorId, string>();
  readonly tasksOf = new Map<SessionId, readonly NewTask[]>();
  /** By session, the keys of its threads. */
  readonly threadsOf = new Map<SessionId, Set<string>>();
  readonly aboutOf = new Map<MessageId, AboutMessage>();
  /** When the newest message of a session was stored. */
  readonly storedAt = new Map<SessionId, Instant>();

  putThread(sessionId: SessionId, key: string): void {
    const keys = this.threadsOf.get(sessionId);
    if (keys) keys.add(key);
    else this.threadsOf.set(sessionId, new Set([key]));
  }
}

/** A message's links after a commit. */
export const linksAfter = (
  links: readonly MessageLink[],
  messageId: MessageId,
  { unlink = [], links: added = [] }: WriteSet,
): readonly MessageLink[] => {
  const mine = added.filter((link) => link.messageId === messageId);
  const left = links.filter(
    (link) => !unlink.some((post) => isOf(link, post)) && !mine.some((other) => isSameLink(link, other)),
  );
  return [...left, ...mine];
};

const isOf = (link: MessageLink, post: LinkKey): boolean =>
  link.platformId === post.platformId && link.chatId === post.chatId && link.bridge === post.bridge;

const isSameLink = (link: MessageLink, other: MessageLink): boolean =>
  isOf(link, other) && link.part === other.part;
