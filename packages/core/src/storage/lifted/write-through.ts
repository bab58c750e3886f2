import type { SessionId } from '@pocketping/protocol';
import type { Instant, NewTask, Session, Thread } from '../../model/index.js';
import type { WriteSet } from '../../ports/index.js';
import type { MemoryTables, Outcome } from '../memory-commit.js';
import { placed } from '../memory-keys.js';
import type { Kept } from './kept.js';
import { messageCalls } from './message-calls.js';
import { sessionRecord } from './records.js';
import type { Storage } from './storage.js';

/** One call of a storage's method. */
export interface Call {
  readonly method: keyof Storage;
  readonly sessionId: SessionId;
  run(): unknown;
}

/** What a commit means for a storage of the user's own. */
export interface WriteThrough {
  /**
   * In this order: what a failure leaves of a session means nothing until a message follows, so messages come last.
   */
  readonly calls: readonly Call[];
  /** Notes what was written, once it was. */
  readonly note: () => void;
}

/** The sessions whose records a commit changes, besides the one it names. */
export const sessionsTouched = ({ rows }: MemoryTables, write: WriteSet): ReadonlySet<SessionId> => {
  const ids = new Set<SessionId>();
  for (const thread of write.threads ?? []) {
    const known = rows.threads.get(placed(thread.bridge, thread.chatId, thread.threadId))?.sessionId;
    if ('open' in thread) ids.add(thread.open.sessionId);
    if (known !== undefined) ids.add(known);
  }
  for (const { sessionId } of write.links ?? []) if (sessionId !== '') ids.add(sessionId);
  for (const post of write.unlink ?? []) {
    for (const { sessionId } of rows.links.ofPost(post)) if (sessionId !== '') ids.add(sessionId);
  }
  for (const { session } of rows.sessionsOfVisitor.get(write.block?.visitorId ?? '') ?? [])
    ids.add(session.id);
  return ids;
};

export const writeThrough = (
  storage: Storage,
  tables: MemoryTables,
  kept: Kept,
  write: WriteSet,
  outcome: Outcome,
): WriteThrough => {
  const sessions = sessionCalls(storage, tables, kept, write, outcome);
  const messages = messageCalls(storage, tables, kept, write, outcome);
  return {
    calls: [...sessions.calls, ...messages.calls],
    note: () => {
      if (write.visitor) kept.tokenOf.set(write.visitor.id, write.visitor.tokenHash);
      sessions.note();
      messages.note();
    },
  };
};

const sessionCalls = (
  storage: Storage,
  tables: MemoryTables,
  kept: Kept,
  write: WriteSet,
  { after, threads }: Outcome,
): WriteThrough => {
  const created = write.session && 'create' in write.session ? write.session.create.id : undefined;
  const calls: Call[] = [];
  const tasksAfter = new Map<SessionId, readonly NewTask[]>();
  const changed = new Map<SessionId, Session>();
  if (after) changed.set(after.id, after);
  if (write.block || threads.size > 0) {
    for (const id of sessionsTouched(tables, write)) {
      const session = tables.rows.sessionById.get(id)?.session;
      if (session && !changed.has(id)) changed.set(id, session);
    }
  }
  for (const [sessionId, session] of changed) {
    const tasks = tasksOf(tables, kept, write, sessionId);
    tasksAfter.set(sessionId, tasks);
    const method = sessionId === created ? 'createSession' : 'updateSession';
    if (!storage[method]) continue;
    const record = sessionRecord(session, {
      token:
        write.visitor?.id === session.visitorId
          ? write.visitor.tokenHash
          : kept.tokenOf.get(session.visitorId),
      blockedAt: blockedAt(tables, write, session),
      threads: threadsOf(tables, kept, sessionId, threads),
      tasks,
    });
    calls.push({ method, sessionId, run: () => storage[method]?.(record) });
  }
  return {
    calls,
    note: () => {
      for (const [id, tasks] of tasksAfter) kept.tasksOf.set(id, tasks);
      for (const [key, { sessionId }] of threads) kept.putThread(sessionId, key);
    },
  };
};

const blockedAt = (
  { rows }: MemoryTables,
  { block, at }: WriteSet,
  { visitorId }: Session,
): Instant | undefined => {
  const since = rows.blockedSince.get(visitorId);
  if (block?.visitorId !== visitorId) return since;
  return block.blocked ? (since ?? at) : undefined;
};

const threadsOf = (
  { rows }: MemoryTables,
  kept: Kept,
  sessionId: SessionId,
  changed: ReadonlyMap<string, Thread>,
): readonly Thread[] => {
  const threads = new Map<string, Thread>();
  for (const key of kept.threadsOf.get(sessionId) ?? []) {
    const thread = rows.threads.get(key);
    if (thread) threads.set(key, thread);
  }
  for (const [key, thread] of changed) if (thread.sessionId === sessionId) threads.set(key, thread);
  return [...threads.values()];
};

/** What is still to be done for a session after the commit. */
const tasksOf = (
  { tasks }: MemoryTables,
  kept: Kept,
  write: WriteSet,
  sessionId: SessionId,
): readonly NewTask[] => {
  const added = (write.tasks ?? []).filter((task) => task.sessionId === sessionId);
  const gone = [...(write.cancel ?? []), ...added];
  const isGone = (task: NewTask) => gone.some(({ queue, key }) => key === task.key && queue === task.queue);
  const left = (kept.tasksOf.get(sessionId) ?? []).filter((task) => tasks.has(task) && !isGone(task));
  return [...left, ...added];
};
