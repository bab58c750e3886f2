import type { MessageId, Seq, SessionId, VisitorId } from '@pocketping/protocol';
import { systemClock } from '../clock.js';
import type { LogEntry, Message, MessageLink, Session, Thread, Visitor } from '../model/index.js';
import type { Clock } from '../ports/clock.js';
import type {
  Committed,
  Conflict,
  LinkKey,
  MessagesPage,
  SessionsQuery,
  StateEntry,
  StoragePort,
  ThreadKey,
  WriteSet,
} from '../ports/storage.js';
import { commitToMemory, type MemoryTables } from './memory-commit.js';
import { joined, placed } from './memory-keys.js';
import { MemoryLeases } from './memory-leases.js';
import { MemoryRows, messagesUpTo, placeOf } from './memory-rows.js';
import { MemoryTasks } from './memory-tasks.js';

/** For a storage of this package that keeps in memory what another one lacks. */
export let tablesOf: (storage: MemoryStorage) => MemoryTables;

/**
 * Conversations in this process's memory: the reference for every other storage. For tests and trials, because all
 * is gone when the process ends, and nothing is ever forgotten before.
 *
 * What is written and what is returned must not be mutated: rows are shared, not copied.
 */
export class MemoryStorage implements StoragePort {
  static {
    tablesOf = (storage) => storage.#tables;
  }

  readonly tasks: MemoryTasks;
  readonly lease: MemoryLeases;
  readonly #rows = new MemoryRows();
  readonly #tables: MemoryTables;

  /** @param options.clock the storage's clock, which tasks and leases go by; the machine's by default */
  constructor(options: { clock?: Clock } = {}) {
    const clock = options.clock ?? systemClock;
    this.tasks = new MemoryTasks(clock);
    this.lease = new MemoryLeases(clock);
    this.#tables = { rows: this.#rows, tasks: this.tasks, leases: this.lease };
  }

  async commit(write: WriteSet): Promise<Committed | Conflict> {
    return commitToMemory(this.#tables, write);
  }

  async session(id: SessionId): Promise<Session | null> {
    return this.#rows.sessionById.get(id)?.session ?? null;
  }

  async sessions(query: SessionsQuery): Promise<Session[]> {
    const { visitorId, status, reached, before, limit } = query;
    const rows =
      visitorId !== undefined
        ? (this.#rows.sessionsOfVisitor.get(visitorId) ?? [])
        : status !== undefined
          ? this.#rows[reached ? 'reachedByStatus' : 'sessionsByStatus'][status]
          : this.#rows.sessions;
    const cursor = before === undefined ? undefined : this.#rows.sessionById.get(before);
    if (before !== undefined && !cursor) return [];
    const sessions: Session[] = [];
    for (let at = (cursor ? placeOf(rows, cursor.ordinal) : rows.length) - 1; at >= 0; at--) {
      if (sessions.length >= limit) break;
      const session = rows[at]?.session;
      if (!session || (status !== undefined && session.status !== status)) continue;
      if (!reached || session.reachedAt !== undefined) sessions.push(session);
    }
    return sessions;
  }

  async message(id: MessageId): Promise<Message | null> {
    return this.#rows.messages.get(id) ?? null;
  }

  async messages(sessionId: SessionId, page: MessagesPage): Promise<Message[]> {
    const messages = this.#rows.sessionById.get(sessionId)?.messages ?? [];
    if (page.after !== undefined) {
      const start = messagesUpTo(messages, page.after);
      return messages.slice(start, start + page.limit);
    }
    const end = page.before === undefined ? messages.length : messagesUpTo(messages, page.before - 1);
    return messages.slice(Math.max(0, end - page.limit), end);
  }

  async events(sessionId: SessionId, page: { after: Seq; limit: number }): Promise<LogEntry[]> {
    const row = this.#rows.sessionById.get(sessionId);
    return row ? this.#rows.entries(row, page.after, page.limit) : [];
  }

  async heads(sessionIds: readonly SessionId[]): Promise<Map<SessionId, Seq>> {
    const heads = new Map<SessionId, Seq>();
    for (const id of sessionIds) {
      const row = this.#rows.sessionById.get(id);
      if (row) heads.set(id, row.session.seq);
    }
    return heads;
  }

  async feed({ after, limit }: { after: number; limit: number }): Promise<LogEntry[]> {
    return this.#rows.feed(after, limit);
  }

  async newestPosition(): Promise<number> {
    return this.#rows.position;
  }

  async visitor(by: { tokenHash: string } | { id: VisitorId }): Promise<Visitor | null> {
    const visitor = 'id' in by ? this.#rows.visitors.get(by.id) : this.#rows.visitorByToken.get(by.tokenHash);
    const blockedAt = visitor && this.#rows.blockedSince.get(visitor.id);
    return visitor && blockedAt !== undefined ? { ...visitor, blockedAt } : (visitor ?? null);
  }

  async thread(by: { bridge: string; sessionId: SessionId } | ThreadKey): Promise<Thread | null> {
    const { threads, threadsOfSession } = this.#rows;
    if ('threadId' in by) return threads.get(placed(by.bridge, by.chatId, by.threadId)) ?? null;
    const keys = threadsOfSession.get(joined(by.bridge, by.sessionId)) ?? [];
    const key = keys.findLast((candidate) => threads.get(candidate)?.retiredAt === undefined);
    return key === undefined ? null : (threads.get(key) ?? null);
  }

  async links(by: LinkKey | { bridge: string; messageId: MessageId }): Promise<MessageLink[]> {
    const { links } = this.#rows;
    return [...('messageId' in by ? links.ofMessage(by.bridge, by.messageId) : links.ofPost(by))];
  }

  async state(scope: string, key: string): Promise<StateEntry | null> {
    return this.#rows.state.get(scope)?.get(key) ?? null;
  }

  async states(scope: string, page?: { after?: string; limit: number }): Promise<StateEntry[]> {
    const entries = [...(this.#rows.state.get(scope)?.values() ?? [])];
    entries.sort((a, b) => (a.key < b.key ? -1 : 1));
    if (!page) return entries;
    const { after, limit } = page;
    return entries.filter(({ key }) => after === undefined || key > after).slice(0, limit);
  }
}
