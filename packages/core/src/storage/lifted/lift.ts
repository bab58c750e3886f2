import { LIMITS, type MessageId, type Seq, type SessionId, type VisitorId } from '@pocketping/protocol';
import { PocketPingError } from '../../errors.js';
import type { LogEntry, Message, MessageLink, Session, Thread, Visitor } from '../../model/index.js';
import type {
  Clock,
  Committed,
  Conflict,
  LinkKey,
  Logger,
  MessagesPage,
  SessionsQuery,
  StateEntry,
  StoragePort,
  ThreadKey,
  WriteSet,
} from '../../ports/index.js';
import { MemoryStorage, tablesOf } from '../memory.js';
import { commitToMemory, type MemoryTables, prepareCommit } from '../memory-commit.js';
import { joined, placed } from '../memory-keys.js';
import type { MemoryLeases } from '../memory-leases.js';
import type { MemoryTasks } from '../memory-tasks.js';
import { Kept } from './kept.js';
import { requireMethods, whatIsLost } from './lacking.js';
import { Lanes } from './lanes.js';
import { readMessage, readSession, recordsIn, sessionNamed } from './reading.js';
import { restore } from './restore.js';
import type { Storage } from './storage.js';
import { sessionsTouched, writeThrough } from './write-through.js';

/** Sessions that are asked for at once when a process starts. */
const AT_ONCE = 16;

/**
 * A whole storage over one of the user's own: this process's memory, which is written through to it, and which sessions come
 * back to from it when they are asked for. A commit is answered when the user's storage has what concerns it.
 */
export class LiftedStorage implements StoragePort {
  readonly tasks: MemoryTasks;
  readonly lease: MemoryLeases;
  readonly namesSessions = true;
  readonly #storage: Storage;
  readonly #logger: Logger;
  readonly #memory: MemoryStorage;
  readonly #tables: MemoryTables;
  readonly #kept = new Kept();
  readonly #lanes = new Lanes();
  #warnedOfState = false;

  /** @throws PocketPingError `validation_failed` with the methods that are missing */
  constructor(storage: Storage, { clock, logger }: { clock: Clock; logger: Logger }) {
    requireMethods(storage);
    this.#storage = storage;
    this.#logger = logger;
    this.#memory = new MemoryStorage({ clock });
    this.#tables = tablesOf(this.#memory);
    this.tasks = this.#memory.tasks;
    this.lease = this.#memory.lease;
  }

  async init(): Promise<void> {
    await this.#ask('init', () => this.#storage.init?.());
    const records = await this.#ask('getSessions', async () =>
      recordsIn(await this.#storage.getSessions?.()),
    );
    const sessions = [...records];
    while (sessions.length > 0) {
      await Promise.all(sessions.splice(0, AT_ONCE).map((record) => this.#bringRecord(record)));
    }
    this.#logger.warn({}, whatIsLost(this.#storage));
  }

  async close(): Promise<void> {
    await this.#storage.close?.();
  }

  async commit(write: WriteSet): Promise<Committed | Conflict> {
    const change = write.session && 'id' in write.session ? write.session.id : undefined;
    if (change !== undefined) await this.#bring(change);
    return this.#lanes.run(this.#namesIn(write), async () => {
      const prepared = prepareCommit(this.#tables, write);
      if (!('outcome' in prepared)) return prepared;
      const { calls, note } = writeThrough(this.#storage, this.#tables, this.#kept, write, prepared.outcome);
      for (const { method, sessionId, run } of calls) await this.#ask(method, run, sessionId);
      // It was checked, and nothing that it was checked against has changed meanwhile.
      const { expect: _, ...checked } = write;
      const result = commitToMemory(this.#tables, checked);
      note();
      return result;
    });
  }

  async session(id: SessionId): Promise<Session | null> {
    await this.#bring(id);
    return this.#memory.session(id);
  }

  sessions(query: SessionsQuery): Promise<Session[]> {
    return this.#memory.sessions(query);
  }

  message(id: MessageId): Promise<Message | null> {
    return this.#memory.message(id);
  }

  async messages(sessionId: SessionId, page: MessagesPage): Promise<Message[]> {
    await this.#bring(sessionId);
    return this.#memory.messages(sessionId, page);
  }

  async events(sessionId: SessionId, page: { after: Seq; limit: number }): Promise<LogEntry[]> {
    await this.#bring(sessionId);
    return this.#memory.events(sessionId, page);
  }

  async heads(sessionIds: readonly SessionId[]): Promise<Map<SessionId, Seq>> {
    await Promise.all(sessionIds.map((id) => this.#bring(id)));
    return this.#memory.heads(sessionIds);
  }

  feed(page: { after: number; limit: number }): Promise<LogEntry[]> {
    return this.#memory.feed(page);
  }

  newestPosition(): Promise<number> {
    return this.#memory.newestPosition();
  }

  async visitor(
    by: { tokenHash: string; sessionId?: SessionId } | { id: VisitorId },
  ): Promise<Visitor | null> {
    const known = await this.#memory.visitor(by);
    if (known || 'id' in by || by.sessionId === undefined) return known;
    await this.#bring(by.sessionId);
    return this.#memory.visitor(by);
  }

  async thread(by: { bridge: string; sessionId: SessionId } | ThreadKey): Promise<Thread | null> {
    if ('sessionId' in by) await this.#bring(by.sessionId);
    return this.#memory.thread(by);
  }

  links(by: LinkKey | { bridge: string; messageId: MessageId }): Promise<MessageLink[]> {
    return this.#memory.links(by);
  }

  state(scope: string, key: string): Promise<StateEntry | null> {
    return this.#memory.state(scope, key);
  }

  states(scope: string, page?: { after?: string; limit: number }): Promise<StateEntry[]> {
    return this.#memory.states(scope, page);
  }

  /** Everything that a commit reads and changes, and that another could change while the user's storage is waited for. */
  #namesIn(write: WriteSet): ReadonlySet<string> {
    const { session, visitor, block, dedupe } = write;
    const names = new Set<string>();
    if (session) names.add(laneOf('create' in session ? session.create.id : session.id));
    for (const id of sessionsTouched(this.#tables, write)) names.add(laneOf(id));
    if (visitor) names.add(`visitor/${visitor.id}`).add(`token/${visitor.tokenHash}`);
    if (block) names.add(`visitor/${block.visitorId}`);
    if (dedupe) names.add(`dedupe/${joined(dedupe.scope, dedupe.key)}`);
    for (const { scope, key } of write.state ?? []) names.add(`state/${joined(scope, key)}`);
    for (const { bridge, chatId, threadId } of write.threads ?? []) {
      names.add(`thread/${placed(bridge, chatId, threadId)}`);
    }
    return names;
  }

  /** Has the session in memory, if there is one. */
  async #bring(id: SessionId): Promise<void> {
    if (this.#tables.rows.sessionById.has(id) || !isName(id)) return;
    await this.#lanes.run(new Set([laneOf(id)]), async () => {
      if (this.#tables.rows.sessionById.has(id)) return;
      await this.#restore(
        await this.#ask('getSession', async () => sessionNamed(id, await this.#storage.getSession(id)), id),
      );
    });
  }

  async #bringRecord(record: unknown): Promise<void> {
    const read = readSession(record);
    if (!read) return;
    await this.#lanes.run(new Set([laneOf(read.session.id)]), async () => {
      if (!this.#tables.rows.sessionById.has(read.session.id)) await this.#restore(read);
    });
  }

  async #restore(read: ReturnType<typeof readSession>): Promise<void> {
    if (!read) return;
    const { session } = read;
    const records = await this.#ask(
      'getMessages',
      async () => recordsIn(await this.#storage.getMessages(session.id)),
      session.id,
    );
    const messages = records.flatMap((record) => readMessage(record, session) ?? []);
    restore(this.#tables, this.#kept, read, messages, this.#storage.updateSession !== undefined);
    if (read.kept || this.#warnedOfState) return;
    this.#warnedOfState = true;
    this.#logger.warn(
      { sessionId: session.id },
      'the storage gave a session back without its state: its visitor begins a new conversation. Keep the field state of sessions and messages, and they go on',
    );
  }

  /** Calls the user's storage. @throws PocketPingError `unavailable` when it fails */
  async #ask<T>(method: keyof Storage, call: () => T, sessionId?: SessionId): Promise<Awaited<T>> {
    try {
      return await call();
    } catch (err) {
      this.#logger.error(
        { err, method, ...(sessionId !== undefined && { sessionId }) },
        `the storage failed in ${method}; nothing of what was being done counts as done`,
      );
      throw new PocketPingError('unavailable', `The storage failed in ${method}; try again.`, { cause: err });
    }
  }
}

const laneOf = (id: SessionId): string => `session/${id}`;

/** Strangers name sessions, too: what a file system or a query could take for more than a name goes no further. */
const isName = (id: string): boolean => id.length <= LIMITS.idLength && /^[\w-]+$/.test(id);
