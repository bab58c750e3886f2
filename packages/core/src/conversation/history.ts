import type { EventsQuery, MessagesQuery, Seq, SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Listener } from '../log/hub.js';
import { whyNotResume } from '../log/resuming.js';
import { isForVisitors } from '../log/visible.js';
import type { LogEntry, Message, Session } from '../model/index.js';
import type { MessagesPage } from '../ports/index.js';
import type { EventsPage, Signal, VisitorActor } from './conversation.js';
import { sessionOf } from './session-of.js';

/** Pages of the log with nothing for a visitor that one request passes over. */
const PAGES_PASSED = 10;

/** A page of the conversation as it stands. */
export const messages = async (
  engine: Engine,
  actor: VisitorActor,
  query: MessagesQuery,
): Promise<{ messages: Message[]; hasMore: boolean }> => {
  const session = await sessionOf(engine, actor, query.sessionId);
  const after = query.after === undefined ? undefined : await seqOf(engine, session, query.after, 'after');
  const before =
    query.before === undefined ? undefined : await seqOf(engine, session, query.before, 'before');
  return visiblePage(engine, session.id, {
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    limit: query.limit,
  });
};

/**
 * A page of what visitors may see, and whether there is more in its direction. The team's private notes are passed over,
 * however many stand together: a client that pages must not be given an empty page before the end.
 */
export const visiblePage = async (
  engine: Engine,
  sessionId: SessionId,
  { limit, ...from }: MessagesPage,
): Promise<{ messages: Message[]; hasMore: boolean }> => {
  const forwards = from.after !== undefined;
  let cursor = from;
  let messages: Message[] = [];
  for (;;) {
    const page = await engine.storage.messages(sessionId, { ...cursor, limit: limit + 1 });
    const visible = page.filter(({ audience }) => audience === 'all');
    messages = forwards ? [...messages, ...visible] : [...visible, ...messages];
    const end = forwards ? page.at(-1) : page[0];
    if (messages.length > limit || page.length <= limit || !end) break;
    cursor = forwards ? { after: end.seq } : { before: end.seq };
  }
  const hasMore = messages.length > limit;
  return { messages: forwards ? messages.slice(0, limit) : messages.slice(-limit), hasMore };
};

/** The log as a visitor may see it, by long polling. */
export const events = async (
  engine: Engine,
  actor: VisitorActor,
  query: EventsQuery,
  signal: AbortSignal,
): Promise<EventsPage> => {
  const session = await sessionOf(engine, actor, query.sessionId);
  const reset = await whyNotResume(engine, query, session.seq);
  if (reset) {
    const { reason, events, seq = session.seq } = reset;
    return { entries: [], seq, hasMore: false, reset: reason, ...(events.length > 0 && { signals: events }) };
  }
  const page = await readPage(engine, query.sessionId, query.after, query.limit);
  if (page.entries.length > 0 || query.wait === 0 || page.hasMore) return page;
  return nextEntries(engine, query, page.seq, signal);
};

/** What shows a visitor nothing is passed over, up to {@link PAGES_PASSED}. */
const readPage = async (
  engine: Engine,
  sessionId: string,
  after: Seq,
  limit: number,
): Promise<EventsPage> => {
  let seq = after;
  for (let pages = 1; ; pages++) {
    const read = await engine.storage.events(sessionId, { after: seq, limit: limit + 1 });
    const page = read.slice(0, limit);
    const now = engine.clock.now();
    const entries = page.filter(({ event }) => isForVisitors(event, now));
    seq = page.at(-1)?.event.seq ?? seq;
    const hasMore = read.length > limit;
    if (entries.length > 0 || !hasMore || pages === PAGES_PASSED) return { entries, seq, hasMore };
  }
};

/** Waits for the first entries after a cursor; an empty page when none comes in time. */
const nextEntries = async (
  engine: Engine,
  { sessionId, wait, limit }: EventsQuery,
  after: Seq,
  signal: AbortSignal,
): Promise<EventsPage> => {
  const over = new AbortController();
  const end = () => over.abort();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const signals: Signal[] = [];
  const came = (entries: readonly LogEntry[]) => {
    const now = engine.clock.now();
    const concerns = ({ event }: LogEntry) => isForVisitors(event, now) || event.type === 'visitor_blocked';
    if (entries.some((entry) => entry.event.seq > after && concerns(entry))) end();
  };
  const listener: Listener = {
    committed: came,
    head: (seq) => seq > after && end(),
    // Who types and who is there concerns whoever sees it happen; a broadcast is for everybody who is connected.
    signal: (signal) => {
      if (signal.type !== 'event') return;
      signals.push(signal);
      end();
    },
    stop: end,
  };
  await engine.hub.join(sessionId, listener);
  try {
    // What was committed between the first read and the join.
    const missed = await readPage(engine, sessionId, after, limit);
    if (missed.entries.length > 0 || missed.hasMore) return missed;
    await engine.clock.sleep(wait * 1000, over.signal);
    const page = await readPage(engine, sessionId, missed.seq, limit);
    return signals.length > 0 ? { ...page, signals } : page;
  } finally {
    engine.hub.leave(sessionId, listener);
    signal.removeEventListener('abort', end);
  }
};

/** The `seq` that a cursor stands for: a message id, a seq, or a time. */
const seqOf = async (
  engine: Engine,
  session: Session,
  cursor: string,
  side: 'after' | 'before',
): Promise<Seq> => {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const at = /^\d{4}-\d\d-\d\dT/.test(cursor) ? Date.parse(cursor) : Number.NaN;
  if (!Number.isNaN(at)) {
    return side === 'after' ? seqAt(engine, session, at) : (await seqAt(engine, session, at - 1)) + 1;
  }
  const message = await engine.storage.message(cursor);
  if (message?.sessionId === session.id) return message.seq;
  throw new PocketPingError(
    'message_not_found',
    `${cursor} is neither a message of session ${session.id}, nor a seq, nor an ISO 8601 time.`,
  );
};

/** The `seq` of the last message written at or before an instant, by bisection. */
const seqAt = async (engine: Engine, session: Session, at: number): Promise<Seq> => {
  let low = 0;
  let high = session.seq;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await engine.storage.messages(session.id, { after: middle, limit: 1 });
    if (next && next.createdAt <= at) low = Math.max(middle + 1, next.seq);
    else high = middle;
  }
  return low;
};
