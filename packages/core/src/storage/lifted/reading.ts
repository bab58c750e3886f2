import type { SessionId, SessionStatus } from '@pocketping/protocol';
import type { Actor, Instant, Message, Session } from '../../model/index.js';
import { createdSession } from '../outcome.js';
import type { AboutMessage, KeptOfMessage, KeptOfSession } from './kept.js';

/*
 * Records as databases give them back. The documented fields count as they stand, but for whose a session is; what they do
 * not say is taken from `state`, and what that does not say either from what can be told without.
 */

export interface ReadSession {
  readonly session: Session;
  /** Undefined where the storage does not keep `state`. */
  readonly kept: KeptOfSession | undefined;
}

export interface ReadMessage {
  /** Its `seq` is 0 where the storage does not keep `state`. */
  readonly message: Message;
  readonly about: AboutMessage;
}

/** @returns null for a record without an `id`, which is none */
export const readSession = (record: unknown): ReadSession | null => {
  const id = textOf(field(record, 'id'));
  if (!id) return null;
  const kept = keptIn<KeptOfSession>(record, isKeptSession);
  const createdAt = instantOf(field(record, 'createdAt')) ?? kept?.session.createdAt ?? 0;
  // The visitor's token opens it: whatever a column says by now, nobody else's may.
  const visitorId = kept?.session.visitorId ?? textOf(field(record, 'visitorId')) ?? '';
  const known = kept?.session ?? createdSession({ id, visitorId, metadata: {} }, createdAt);
  const identity = parsed<Session['identity']>(field(record, 'identity')) ?? known.identity;
  const session = {
    ...known,
    id,
    visitorId,
    createdAt,
    status: statusOf(field(record, 'status')) ?? known.status,
    lastActivityAt: Math.max(known.lastActivityAt, instantOf(field(record, 'lastActivity')) ?? createdAt),
    metadata: parsed<Session['metadata']>(field(record, 'metadata')) ?? known.metadata,
    ...(identity && { identity }),
  };
  return { session, kept };
};

/** @returns null for a record without an `id`, which is none */
export const readMessage = (record: unknown, session: Session): ReadMessage | null => {
  const id = textOf(field(record, 'id'));
  if (!id) return null;
  const kept = keptIn<KeptOfMessage>(record, isKeptMessage);
  const storedAt = instantOf(field(record, 'createdAt')) ?? kept?.about.storedAt;
  const createdAt =
    kept?.message.createdAt ?? instantOf(field(record, 'timestamp')) ?? storedAt ?? session.createdAt;
  const isNote = isTrue(field(record, 'isNote')) || field(record, 'type') === 'note';
  const editedAt = instantOf(field(record, 'editedAt')) ?? kept?.message.editedAt;
  const deletedAt = instantOf(field(record, 'deletedAt')) ?? kept?.message.deletedAt;
  const replyTo = kept?.message.replyTo ?? textOf(field(record, 'replyTo'));
  const known = kept?.message ?? { seq: 0, version: 1, author: authorOf(record, session, isNote) };
  const message: Message = {
    ...known,
    id,
    sessionId: session.id,
    // What either of them says is for the team is for the team.
    audience: isNote || kept?.message.audience === 'team' ? 'team' : 'all',
    content: deletedAt === undefined ? (textOf(field(record, 'content')) ?? '') : '',
    createdAt,
    ...(replyTo && { replyTo }),
    ...(editedAt !== undefined && { editedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
  };
  return { message, about: kept?.about ?? { storedAt: storedAt ?? createdAt, links: [] } };
};

/** A database may name `createdAt` like this, `created_at`, or, unquoted, `createdat`. */
const field = (record: unknown, name: string): unknown => {
  if (typeof record !== 'object' || record === null) return undefined;
  const fields = record as Record<string, unknown>;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return fields[name] ?? fields[snake] ?? fields[name.toLowerCase()] ?? undefined;
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const instantOf = (value: unknown): Instant | undefined => {
  const instant =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'string' && !/^\d+$/.test(value)
        ? Date.parse(value)
        : Number(value ?? Number.NaN);
  return Number.isFinite(instant) ? instant : undefined;
};

const isTrue = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^(true|t|1)$/i.test(value));

/** An object, or the JSON of one. */
const parsed = <T extends object | undefined>(value: unknown): T | undefined => {
  if (typeof value === 'object' && value !== null) return value as T;
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined;
  try {
    return JSON.parse(value) as T;
  } catch {
    return undefined;
  }
};

/** What we wrote into `state`, unless the storage lost it or a part of it. */
const keptIn = <T extends object>(record: unknown, isWhole: (kept: Partial<T>) => boolean): T | undefined => {
  const kept = parsed<T>(field(record, 'state'));
  return kept && isWhole(kept) ? kept : undefined;
};

const isKeptSession = ({ session, threads, tasks }: Partial<KeptOfSession>): boolean =>
  typeof session?.seq === 'number' &&
  typeof session.visitorId === 'string' &&
  Array.isArray(threads) &&
  Array.isArray(tasks);

const isKeptMessage = ({ message, about }: Partial<KeptOfMessage>): boolean =>
  typeof message?.seq === 'number' && typeof message.author === 'object' && Array.isArray(about?.links);

const statuses: readonly unknown[] = ['open', 'closed', 'ended'] satisfies SessionStatus[];
const statusOf = (value: unknown): SessionStatus | undefined =>
  statuses.includes(value) ? (value as SessionStatus) : undefined;

const kinds: readonly unknown[] = ['visitor', 'operator', 'ai', 'system'] satisfies Actor['kind'][];

const authorOf = (record: unknown, session: Session, isNote: boolean): Actor => {
  const said = [field(record, 'type'), field(record, 'sender')].find((kind) => kinds.includes(kind));
  const kind = (said as Actor['kind'] | undefined) ?? (isNote ? 'operator' : 'system');
  const name = textOf(field(record, 'senderName'));
  return { kind, id: kind === 'visitor' ? session.visitorId : kind, ...(name !== undefined && { name }) };
};

/** @throws Error when the storage answered with another session than it was asked for */
export const sessionNamed = (id: SessionId, record: unknown): ReadSession | null => {
  const read = readSession(record);
  if (read && read.session.id !== id) {
    throw new Error(`getSession(${JSON.stringify(id)}) answered with the session ${read.session.id}`);
  }
  return read;
};

/** @throws TypeError when the storage answered with anything but a list, or nothing */
export const recordsIn = (answer: unknown): readonly unknown[] => {
  if (answer === undefined || answer === null) return [];
  if (typeof answer === 'object' && Symbol.iterator in answer) return [...(answer as Iterable<unknown>)];
  throw new TypeError(`it has to answer with an array of records, and answered with ${kindOf(answer)}`);
};

const kindOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  return `an object with the keys ${Object.keys(value).join(', ')}`;
};
