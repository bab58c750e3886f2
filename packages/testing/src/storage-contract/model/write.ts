import type {
  Instant,
  LinkKey,
  Message,
  MessageLink,
  NewEvent,
  NewTask,
  Session,
  StateWrite,
  ThreadWrite,
  WriteSet,
} from '@pocketping/core';
import { type Model, type ModelEvent, messageOf, sessionOf } from './rows.js';

interface Changed {
  readonly session: Session | null;
  readonly events: readonly ModelEvent[];
  readonly messages: readonly Message[];
}

/**
 * Writes to a draft of the model whatever a write set holds; its expectations hold already.
 * @returns null when it names what does not exist, and the draft must be thrown away
 */
export const write = (model: Model, set: WriteSet, subject: Session | null, now: Instant): Changed | null => {
  const { at, visitor, session: target, insert = [], update = [], events: newEvents = [] } = set;
  if (set.block && !putBlock(model, set.block, at)) return null;
  if (visitor) model.visitors.push({ ...visitor, createdAt: at });
  if (subject && target && 'create' in target) model.sessions.push(subject);

  const events = subject ? newEvents.map((event, index) => logged(event, subject, index, at)) : [];
  const inserted: Message[] = [];
  for (const event of events) {
    const message = insert.find(({ id }) => event.type === 'message' && id === event.messageId);
    if (!message || inserted.some(({ id }) => id === message.id)) continue;
    if (messageOf(model, message.id)) return null;
    inserted.push({ ...message, seq: event.seq, version: 1, createdAt: at });
  }
  const updated: Message[] = [];
  for (const { id, patch } of update) {
    const message = messageOf(model, id);
    if (message?.sessionId !== subject?.id) return null;
    updated.push({ ...(message as Message), ...patch, version: (message as Message).version + 1 });
  }
  const session = subject && advanced(subject, set, at);
  if (session) model.sessions = model.sessions.map((each) => (each.id === session.id ? session : each));
  model.messages = model.messages.map((each) => updated.find(({ id }) => id === each.id) ?? each);
  model.messages.push(...inserted);
  model.log.push(...events);

  for (const thread of set.threads ?? []) if (!writeThread(model, thread, at)) return null;
  for (const post of set.unlink ?? []) model.links = model.links.filter((link) => !isOf(link, post));
  for (const link of set.links ?? []) putLink(model, link);
  for (const { queue, key } of set.cancel ?? []) {
    model.tasks = model.tasks.filter(({ task }) => task.queue !== queue || task.key !== key);
  }
  for (const task of set.tasks ?? []) putTask(model, task, now);
  for (const entry of set.state ?? []) putState(model, entry);
  return { session, events, messages: [...inserted, ...updated] };
};

const logged = (
  { marks: _, ...event }: NewEvent,
  session: Session,
  index: number,
  at: Instant,
): ModelEvent => ({
  audience: 'all',
  ...event,
  sessionId: session.id,
  seq: session.seq + index + 1,
  at,
});

const advanced = (session: Session, { session: target, events = [] }: WriteSet, at: Instant): Session => {
  const { patch = {}, advance = {} } = target && 'id' in target ? target : {};
  const after = { ...session, ...patch };
  if (session.reachedAt !== undefined) after.reachedAt = session.reachedAt;
  for (const [index, { marks }] of events.entries()) {
    if (marks === 'operator') after.operatorSeq = session.seq + index + 1;
  }
  const raised = Object.entries(advance) as [keyof typeof advance, number][];
  for (const [watermark, seq] of raised) after[watermark] = Math.max(session[watermark], seq);
  if (events.length > 0) after.lastActivityAt = at;
  return { ...after, seq: session.seq + events.length };
};

/** @returns false when it names a session or a thread that does not exist */
const writeThread = (model: Model, set: ThreadWrite, at: Instant): boolean => {
  const { bridge, chatId, threadId } = set;
  const isMeant = (each: ThreadWrite | Model['threads'][number]) =>
    each.bridge === bridge && each.chatId === chatId && each.threadId === threadId;
  const known = model.threads.find(isMeant);
  if ('patch' in set) {
    const { deliveredSeq = 0, retiredAt = known?.retiredAt } = set.patch;
    model.threads = model.threads.map((each) =>
      isMeant(each)
        ? {
            ...each,
            deliveredSeq: Math.max(each.deliveredSeq, deliveredSeq),
            ...(retiredAt !== undefined && { retiredAt }),
          }
        : each,
    );
    return known !== undefined;
  }
  if (known) return true;
  const { sessionId } = set.open;
  model.threads.push({ bridge, chatId, threadId, sessionId, openedAt: at, deliveredSeq: 0 });
  return sessionOf(model, sessionId) !== undefined;
};

const isOf = (link: MessageLink, { bridge, chatId, platformId }: LinkKey): boolean =>
  link.bridge === bridge && link.chatId === chatId && link.platformId === platformId;

const putLink = (model: Model, link: MessageLink): void => {
  const isSame = (other: MessageLink) =>
    isOf(other, link) && other.messageId === link.messageId && other.part === link.part;
  model.links = [...model.links.filter((other) => !isSame(other)), link];
};

const putTask = (model: Model, task: NewTask, now: Instant): void => {
  const runAt = task.runAt ?? now;
  const known = model.tasks.find((each) => each.task.queue === task.queue && each.task.key === task.key);
  if (known) {
    const waits = known.owner === null || known.leaseUntil <= now;
    const keepsPlace = task.runAt === undefined && waits && known.runAt < now;
    Object.assign(known, { task, runAt: keepsPlace ? known.runAt : runAt, version: known.version + 1 });
    return;
  }
  const free = { owner: null, leaseUntil: 0, claimedVersion: 0 };
  model.tasks.push({ task, number: ++model.added, runAt, version: 1, attempts: 0, ...free });
};

/** @returns false when it names a visitor that does not exist */
const putBlock = (
  model: Model,
  { visitorId, blocked }: NonNullable<WriteSet['block']>,
  at: Instant,
): boolean => {
  model.visitors = model.visitors.map((visitor) => {
    if (visitor.id !== visitorId) return visitor;
    const { blockedAt = at, ...rest } = visitor;
    return blocked ? { ...rest, blockedAt } : rest;
  });
  return model.visitors.some(({ id }) => id === visitorId);
};

const putState = (model: Model, { scope, key, value }: StateWrite): void => {
  const known = model.state.find((each) => each.scope === scope && each.key === key);
  model.state = model.state.filter((each) => each !== known);
  if (value !== null) model.state.push({ scope, key, value, version: (known?.version ?? 0) + 1 });
};
