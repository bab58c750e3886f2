import type { MessageId, Seq, SessionId, SessionStatus, VisitorId } from '@pocketping/protocol';
import type { Instant, LogEntry, LogEvent, Message, Session, Thread, Visitor } from '../model/index.js';
import type { StateEntry, WriteSet } from '../ports/storage.js';
import { joined, placed } from './memory-keys.js';
import { MemoryLinks } from './memory-links.js';
import { countUpTo } from './ordered.js';

/** A session with everything that is ordered by its log. */
export interface SessionRow {
  session: Session;
  /** Counts the sessions in the order of their creation. */
  readonly ordinal: number;
  /** The entry with `seq` n stands at n - 1. */
  readonly log: LoggedRow[];
  /** The `position` of each entry of the log. */
  readonly positions: number[];
  /** By `seq`. */
  readonly messages: Message[];
}

/**
 * An event; or, for most of a log, the message that one brought, from which the event can be told: the fewer objects a
 * message leaves, the less the garbage collector has to walk.
 */
export type LoggedRow = LogEvent | Message;

/** What a commit with a `dedupe` left, to answer its repetition. */
export interface DedupeRow {
  readonly digest: string;
  readonly session: SessionRow | undefined;
  /** The seq before its first event, and that of its last. */
  readonly before: Seq;
  readonly last: Seq;
  readonly updated: readonly MessageId[];
}

/**
 * Everything a memory storage holds besides tasks and leases. Rows are replaced, never mutated, so that whoever
 * was given one may keep it.
 */
export class MemoryRows {
  /** In the order of creation. */
  readonly sessions: SessionRow[] = [];
  readonly sessionById = new Map<SessionId, SessionRow>();
  readonly sessionsOfVisitor = new Map<VisitorId, SessionRow[]>();
  readonly sessionsByStatus: Record<SessionStatus, SessionRow[]> = { open: [], closed: [], ended: [] };
  /** Those of them that were reached. */
  readonly reachedByStatus: Record<SessionStatus, SessionRow[]> = { open: [], closed: [], ended: [] };
  readonly messages = new Map<MessageId, Message>();
  readonly visitors = new Map<VisitorId, Visitor>();
  readonly visitorByToken = new Map<string, Visitor>();
  /** Since when the team keeps a visitor out. */
  readonly blockedSince = new Map<VisitorId, Instant>();
  readonly threads = new Map<string, Thread>();
  /** By bridge and session, the keys of its threads, oldest first. */
  readonly threadsOfSession = new Map<string, string[]>();
  readonly links = new MemoryLinks();
  readonly state = new Map<string, Map<string, StateEntry>>();
  /** By scope, then by key. */
  readonly dedupes = new Map<string, Map<string, DedupeRow>>();
  /** By `position`, which counts the events of all sessions: in whose log it stands. */
  readonly feedRows: SessionRow[] = [];

  /** Of the newest event. */
  get position(): number {
    return this.feedRows.length;
  }

  /** @param ordinal negative for one that was created before this process began */
  addSession(session: Session, ordinal = this.sessions.length): SessionRow {
    const row: SessionRow = { session, ordinal, log: [], positions: [], messages: [] };
    putInto(this.sessions, row);
    this.sessionById.set(session.id, row);
    const ofVisitor = this.sessionsOfVisitor.get(session.visitorId);
    if (ofVisitor) putInto(ofVisitor, row);
    else this.sessionsOfVisitor.set(session.visitorId, [row]);
    putInto(this.sessionsByStatus[session.status], row);
    if (session.reachedAt !== undefined) putInto(this.reachedByStatus[session.status], row);
    return row;
  }

  putDedupe(
    { scope, key, digest }: NonNullable<WriteSet['dedupe']>,
    result: Omit<DedupeRow, 'digest'>,
  ): void {
    const ofScope = this.dedupes.get(scope);
    const row = { digest, ...result };
    if (ofScope) ofScope.set(key, row);
    else this.dedupes.set(scope, new Map([[key, row]]));
  }

  replaceSession(row: SessionRow, session: Session): void {
    const { status, reachedAt } = row.session;
    row.session = session;
    const changed = status !== session.status;
    const wasReached = reachedAt !== undefined;
    const isReached = session.reachedAt !== undefined;
    if (changed) {
      takeFrom(this.sessionsByStatus[status], row);
      putInto(this.sessionsByStatus[session.status], row);
    }
    if (wasReached && changed) takeFrom(this.reachedByStatus[status], row);
    if (isReached && (changed || !wasReached)) putInto(this.reachedByStatus[session.status], row);
  }

  /** Appends to a session's log what a commit made of it. @param messages by `seq` */
  append(row: SessionRow, events: readonly LogEvent[], messages: readonly Message[]): void {
    let next = 0;
    for (const event of events) {
      const message = messages[next];
      const brought = message?.seq === event.seq ? message : undefined;
      if (brought) {
        next++;
        row.messages.push(brought);
        this.messages.set(brought.id, brought);
      }
      row.log.push(brought && tells(brought, event) ? brought : event);
      row.positions.push(event.position);
      this.feedRows.push(row);
    }
  }

  /** A page of the log, each event with its message as that stands now. */
  entries(row: SessionRow, after: Seq, limit: number): LogEntry[] {
    const end = Math.min(row.log.length, after + limit);
    const entries: LogEntry[] = [];
    for (let place = after; place < end; place++) entries.push(this.#entryAt(row, place));
    return entries;
  }

  /** A page of all logs together. */
  feed(after: number, limit: number): LogEntry[] {
    const end = Math.min(this.position, after + limit);
    const entries: LogEntry[] = [];
    for (let before = after; before < end; before++) {
      const row = this.feedRows[before] as SessionRow;
      entries.push(this.#entryAt(row, countUpTo(row.positions, before, itself)));
    }
    return entries;
  }

  #entryAt(row: SessionRow, place: number): LogEntry {
    const event = eventAt(row, place);
    const logged = row.log[place] as LoggedRow;
    const message =
      logged !== event
        ? (logged as Message)
        : 'messageId' in event
          ? this.messages.get(event.messageId)
          : undefined;
    return message ? { event, message } : { event };
  }

  /** The messages that these events brought. */
  messagesBrought(row: SessionRow, after: Seq, last: Seq): Message[] {
    return row.messages.slice(messagesUpTo(row.messages, after), messagesUpTo(row.messages, last));
  }

  replaceMessage(row: SessionRow, message: Message): void {
    this.messages.set(message.id, message);
    row.messages[messagesUpTo(row.messages, message.seq) - 1] = message;
    const place = message.seq - 1;
    if (!isEvent(row.log[place] as LoggedRow)) row.log[place] = message;
  }

  /** Adds a thread, or replaces the one with its key. */
  putThread(thread: Thread): void {
    const key = placed(thread.bridge, thread.chatId, thread.threadId);
    if (!this.threads.has(key)) {
      const owner = joined(thread.bridge, thread.sessionId);
      const keys = this.threadsOfSession.get(owner);
      if (keys) keys.push(key);
      else this.threadsOfSession.set(owner, [key]);
    }
    this.threads.set(key, thread);
  }
}

const isEvent = (logged: LoggedRow): logged is LogEvent => 'type' in logged;

/** Whether everything that an event says can be told from the message that it brought. */
const tells = (message: Message, event: LogEvent): boolean =>
  event.actor === message.author && event.audience === message.audience && event.origin === undefined;

/** The event at a place of a session's log. */
export const eventAt = ({ log, positions }: SessionRow, place: number): LogEvent => {
  const logged = log[place] as LoggedRow;
  if (isEvent(logged)) return logged;
  return {
    sessionId: logged.sessionId,
    seq: logged.seq,
    position: positions[place] as number,
    at: logged.createdAt,
    audience: logged.audience,
    type: 'message',
    messageId: logged.id,
    actor: logged.author,
  };
};

const seqOf = ({ seq }: Message): Seq => seq;
const ordinalOf = ({ ordinal }: SessionRow): number => ordinal;
const itself = (position: number): number => position;

/** How many of these messages have a `seq` of at most `seq`. */
export const messagesUpTo = (messages: readonly Message[], seq: Seq): number =>
  countUpTo(messages, seq, seqOf);

/** Where the one with this ordinal stands, or would stand. */
export const placeOf = (rows: readonly SessionRow[], ordinal: number): number => {
  const count = countUpTo(rows, ordinal, ordinalOf);
  return rows[count - 1]?.ordinal === ordinal ? count - 1 : count;
};

const takeFrom = (rows: SessionRow[], row: SessionRow): void => {
  rows.splice(placeOf(rows, row.ordinal), 1);
};

/** Mostly at the end. */
const putInto = (rows: SessionRow[], row: SessionRow): void => {
  const last = rows.at(-1);
  if (!last || last.ordinal < row.ordinal) rows.push(row);
  else rows.splice(placeOf(rows, row.ordinal), 0, row);
};
