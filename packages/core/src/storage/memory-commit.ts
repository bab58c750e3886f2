import type { MessageId } from '@pocketping/protocol';
import type { Message, Session, Thread } from '../model/index.js';
import type {
  Committed,
  Conflict,
  Expectations,
  StateWrite,
  ThreadWrite,
  WriteSet,
} from '../ports/storage.js';
import { placed } from './memory-keys.js';
import type { MemoryLeases } from './memory-leases.js';
import { type DedupeRow, eventAt, type MemoryRows, type SessionRow } from './memory-rows.js';
import type { MemoryTasks } from './memory-tasks.js';
import { changedSession, createdSession, insertedMessages, loggedEvents, patchedMessage } from './outcome.js';

export interface MemoryTables {
  readonly rows: MemoryRows;
  readonly tasks: MemoryTasks;
  readonly leases: MemoryLeases;
}

/** A write set that was checked, and what it will make of the rows it met; good until the next change of those. */
export interface Prepared {
  readonly row: SessionRow | undefined;
  /** The session before the commit, or as it is before its first event. */
  readonly session: Session | undefined;
  readonly outcome: Outcome;
}

export interface Outcome {
  readonly after: Session | null;
  readonly events: Committed['events'];
  readonly inserted: readonly Message[];
  readonly updated: readonly Message[];
  readonly threads: ReadonlyMap<string, Thread>;
}

/**
 * Checks all of a write set, then applies all of it. Nothing here waits, so no other commit comes in between; and
 * once the first row changes nothing can fail any more.
 * @throws Error for a write set that contradicts itself or the rows: the engine's mistake.
 */
export const commitToMemory = (tables: MemoryTables, write: WriteSet): Committed | Conflict => {
  const prepared = prepareCommit(tables, write);
  return 'outcome' in prepared ? applyCommit(tables, write, prepared) : prepared;
};

/** Checks a write set and changes nothing: what stands in its way, the result that it repeats, or what it will make. */
export const prepareCommit = (tables: MemoryTables, write: WriteSet): Prepared | Committed | Conflict => {
  const { rows } = tables;
  const change = write.session && 'id' in write.session ? write.session : undefined;
  const create = write.session && 'create' in write.session ? write.session.create : undefined;
  const row = change && rows.sessionById.get(change.id);
  if (change && !row) return { conflict: 'session' };
  const session = row?.session ?? (create ? createdSession(create, write.at) : undefined);

  const { expect, dedupe } = write;
  if (expect?.token !== undefined && !isTokenOf(rows, expect.token, session)) return { conflict: 'token' };
  if (expect?.notBlocked && isBlocked(rows, expect.token, session)) return { conflict: 'blocked' };
  const earlier = dedupe && rows.dedupes.get(dedupe.scope)?.get(dedupe.key);
  if (earlier) return earlier.digest === dedupe.digest ? repeated(rows, earlier) : { conflict: 'dedupe' };
  const failed = (expect && unmet(tables, expect, session)) ?? clash(rows, write);
  if (failed) return { conflict: failed };
  return { row, session, outcome: prepare(rows, write, session) };
};

const applyCommit = (
  tables: MemoryTables,
  write: WriteSet,
  { row, session, outcome }: Prepared,
): Committed => {
  const { rows } = tables;
  const { dedupe } = write;
  const { after, events, inserted, updated } = outcome;
  const changed = row ?? (after ? rows.addSession(after) : undefined);
  apply(tables, write, changed, outcome);
  if (dedupe) {
    const before = session?.seq ?? 0;
    rows.putDedupe(dedupe, {
      session: changed,
      before,
      last: before + events.length,
      updated: idsOf(updated),
    });
  }
  const messages = updated.length > 0 ? [...inserted, ...updated] : inserted;
  return { session: after, events, messages, duplicate: false };
};

const none: readonly MessageId[] = [];
const idsOf = (messages: readonly Message[]): readonly MessageId[] =>
  messages.length > 0 ? messages.map(({ id }) => id) : none;

const isTokenOf = (rows: MemoryRows, token: string, session: Session | undefined): boolean => {
  const visitor = rows.visitorByToken.get(token);
  return visitor !== undefined && (!session || visitor.id === session.visitorId);
};

/** Few visitors are ever blocked, mostly none. */
const isBlocked = (rows: MemoryRows, token: string | undefined, session: Session | undefined): boolean => {
  if (rows.blockedSince.size === 0) return false;
  const visitorId = session?.visitorId ?? rows.visitorByToken.get(token ?? '')?.id;
  return visitorId !== undefined && rows.blockedSince.has(visitorId);
};

const repeated = (rows: MemoryRows, { session: row, before, last, updated }: DedupeRow): Committed => ({
  session: row?.session ?? null,
  events: row ? Array.from({ length: last - before }, (_, index) => eventAt(row, before + index)) : [],
  messages: [
    ...(row ? rows.messagesBrought(row, before, last) : []),
    ...updated.map((id) => rows.messages.get(id) as Message),
  ],
  duplicate: true,
});

const unmet = (
  { leases }: MemoryTables,
  { seq, operatorSeq, status, fence }: Expectations,
  session: Session | undefined,
): Conflict['conflict'] | undefined => {
  if (seq !== undefined && seq !== session?.seq) return 'seq';
  if (operatorSeq !== undefined && operatorSeq !== session?.operatorSeq) return 'operatorSeq';
  if (status !== undefined && status !== session?.status) return 'status';
  if (fence && !leases.holds(fence.lease, fence.token)) return 'fence';
  return undefined;
};

/** What the write set assumes of rows outside of the session. */
const clash = (rows: MemoryRows, { state, visitor, session }: WriteSet): Conflict['conflict'] | undefined => {
  for (const { scope, key, ifVersion } of state ?? []) {
    if (ifVersion !== undefined && ifVersion !== (rows.state.get(scope)?.get(key)?.version ?? 0)) {
      return 'state';
    }
  }
  if (visitor && (rows.visitors.has(visitor.id) || rows.visitorByToken.has(visitor.tokenHash))) {
    return 'visitor';
  }
  if (session && 'create' in session && rows.sessionById.has(session.create.id)) return 'session';
  return undefined;
};

/** Everything that will be written, computed before anything is. */
const prepare = (rows: MemoryRows, write: WriteSet, session: Session | undefined): Outcome => {
  const { at, events = [], update = [], threads = [] } = write;
  const { block } = write;
  if (block && !rows.visitors.has(block.visitorId)) throw new Error(`There is no visitor ${block.visitorId}`);
  const inserted = insertedMessages(write, session);
  for (const { id } of inserted) if (rows.messages.has(id)) throw new Error(`Message ${id} exists already`);
  return {
    after: session ? changedSession(session, changeOf(write), events, at) : null,
    events: session
      ? loggedEvents(events, session.id, { seq: session.seq, position: rows.position }, at)
      : [],
    inserted,
    updated: session ? patched(rows, update, session) : [],
    threads: opened(rows, threads, write),
  };
};

const nothing = {};
const changeOf = ({ session }: WriteSet) => (session && 'id' in session ? session : nothing);

const patched = (
  rows: MemoryRows,
  updates: NonNullable<WriteSet['update']>,
  session: Session,
): readonly Message[] =>
  updates.map(({ id, patch }) => {
    const message = rows.messages.get(id);
    if (message?.sessionId !== session.id) throw new Error(`Session ${session.id} has no message ${id}`);
    return patchedMessage(message, patch);
  });

const noThreads: ReadonlyMap<string, Thread> = new Map();

/** The threads that are written, as they will stand. */
const opened = (
  rows: MemoryRows,
  writes: readonly ThreadWrite[],
  { at, session }: WriteSet,
): ReadonlyMap<string, Thread> => {
  if (writes.length === 0) return noThreads;
  const threads = new Map<string, Thread>();
  for (const write of writes) {
    const { bridge, chatId, threadId } = write;
    const key = placed(bridge, chatId, threadId);
    const known = threads.get(key) ?? rows.threads.get(key);
    if ('open' in write) {
      if (known) continue;
      const { sessionId } = write.open;
      const isNew = session && 'create' in session && session.create.id === sessionId;
      if (!isNew && !rows.sessionById.has(sessionId)) throw new Error(`Session ${sessionId} does not exist`);
      threads.set(key, { bridge, chatId, threadId, sessionId, openedAt: at, deliveredSeq: 0 });
    } else {
      if (!known) throw new Error(`Thread ${threadId} of ${bridge} does not exist`);
      const deliveredSeq = Math.max(known.deliveredSeq, write.patch.deliveredSeq ?? 0);
      threads.set(key, { ...known, ...write.patch, deliveredSeq });
    }
  }
  return threads;
};

const apply = (
  { rows, tasks }: MemoryTables,
  write: WriteSet,
  row: SessionRow | undefined,
  { after, events, inserted, updated, threads }: Outcome,
): void => {
  if (write.visitor) {
    const visitor = { id: write.visitor.id, createdAt: write.at };
    rows.visitors.set(visitor.id, visitor);
    rows.visitorByToken.set(write.visitor.tokenHash, visitor);
  }
  if (write.block) putBlock(rows, write.block, write.at);
  if (row && after) {
    rows.replaceSession(row, after);
    rows.append(row, events, inserted);
    for (const message of updated) rows.replaceMessage(row, message);
  }
  for (const thread of threads.values()) rows.putThread(thread);
  for (const post of write.unlink ?? []) rows.links.remove(post);
  for (const link of write.links ?? []) rows.links.put(link);
  for (const key of write.cancel ?? []) tasks.cancel(key);
  for (const task of write.tasks ?? []) tasks.put(task);
  for (const entry of write.state ?? []) putState(rows, entry);
};

const putBlock = (
  { blockedSince }: MemoryRows,
  { visitorId, blocked }: NonNullable<WriteSet['block']>,
  at: number,
): void => {
  if (!blocked) blockedSince.delete(visitorId);
  else if (!blockedSince.has(visitorId)) blockedSince.set(visitorId, at);
};

const putState = (rows: MemoryRows, { scope, key, value }: StateWrite): void => {
  const entries = rows.state.get(scope);
  if (value === null) {
    entries?.delete(key);
    if (entries?.size === 0) rows.state.delete(scope);
    return;
  }
  const entry = { scope, key, value, version: (entries?.get(key)?.version ?? 0) + 1 };
  if (entries) entries.set(key, entry);
  else rows.state.set(scope, new Map([[key, entry]]));
};
