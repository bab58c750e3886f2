import type { SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import type { TeamTyping } from '../log/feed.js';
import type { Instant, LogEntry } from '../model/index.js';
import type { OperatorState } from '../operators/presence.js';
import { originOf } from './origin.js';

/** What the team did in a session of a backend's, or how far the log was read. */
export type TeamNews =
  | { readonly kind: 'entry'; readonly entry: LogEntry; readonly mirroredAt: Instant }
  /** Nothing of the backend's is left up to here. */
  | { readonly kind: 'upTo'; readonly position: number }
  | { readonly kind: 'typing'; readonly typing: TeamTyping; readonly mirroredAt: Instant }
  /** Who of the team has said whether they are there. */
  | { readonly kind: 'operators'; readonly operators: readonly OperatorState[] };

const PAGE = 200;
/** More sessions than are talked in at a time. */
const REMEMBERED = 5000;
/** Clocks of two nodes differ by less. */
const MARGIN_MS = 60_000;

/** Where a stream begins: after a position, at a time, or now. */
export interface TeamFrom {
  readonly origin: string;
  readonly after?: number | undefined;
  readonly since?: Instant | undefined;
}

/**
 * What the team does in the sessions of a backend, in order, from a place on. At the head it says so and waits; ends when `signal` is
 * aborted. Rejects when the log cannot be read.
 */
export async function* team(engine: Engine, from: TeamFrom, signal: AbortSignal): AsyncGenerator<TeamNews> {
  const { storage, feed, presence } = engine;
  const copyOf = copiesOf(engine, from.origin);
  const waiting: (TeamTyping | 'operators')[] = [];
  let wake = () => {};
  let news = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const renew = () => {
    news = new Promise((resolve) => {
      wake = resolve;
    });
  };
  const ends = [
    feed.watch({
      news: () => wake(),
      typing: (typing) => {
        waiting.push(typing);
        wake();
      },
    }),
    presence.watch(() => {
      waiting.push('operators');
      wake();
    }),
  ];
  try {
    let position = await startOf(engine, from);
    yield { kind: 'operators', operators: presence.stated() };
    /** How far the reader knows that nothing is left; unknown until the head. */
    let told: number | undefined;
    let atHead = false;
    while (!signal.aborted) {
      renew();
      const page = await storage.feed({ after: position, limit: PAGE });
      for (const [index, entry] of page.entries()) {
        if (signal.aborted) return;
        position = entry.event.position;
        if (!isOfTeam(entry) || comesWithAnswer(entry, page[index + 1])) continue;
        const mirroredAt = await copyOf(entry.event.sessionId);
        if (mirroredAt === undefined) continue;
        yield { kind: 'entry', entry, mirroredAt };
        told = position;
      }
      if (page.length === PAGE) continue;
      if (!atHead || told !== position) yield { kind: 'upTo', position };
      atHead = true;
      told = position;
      for (const now of waiting.splice(0)) {
        if (now === 'operators') yield { kind: 'operators', operators: presence.stated() };
        else {
          const mirroredAt = await copyOf(now.sessionId);
          if (mirroredAt !== undefined) yield { kind: 'typing', typing: now, mirroredAt };
        }
      }
      await feed.more(news, signal);
    }
  } finally {
    for (const end of ends) end();
  }
}

/** When the copy of a session of this backend's began; undefined for anybody else's. */
const copiesOf = ({ storage }: Engine, origin: string) => {
  const known = new Map<SessionId, Instant | undefined>();
  return async (id: SessionId): Promise<Instant | undefined> => {
    if (known.has(id)) return known.get(id);
    const session = await storage.session(id);
    const isTheirs = session !== null && originOf(session) === origin;
    const mirroredAt = isTheirs ? session.createdAt : undefined;
    if (known.size >= REMEMBERED) known.clear();
    known.set(id, mirroredAt);
    return mirroredAt;
  };
};

const TOLD: ReadonlySet<LogEntry['event']['type']> = new Set([
  'message',
  'message_edited',
  'message_deleted',
  'session_closed',
  'visitor_blocked',
  'visitor_unblocked',
]);

/** What came through a bridge of this server's: what the backend itself has told has no `via`. */
const isOfTeam = ({ event }: LogEntry): boolean =>
  event.actor.kind === 'operator' &&
  event.actor.via !== undefined &&
  (TOLD.has(event.type) || (event.type === 'read' && event.data.by === 'operator'));

/** Whoever answers has read what came before: the backend makes that of the answer. */
const comesWithAnswer = ({ event }: LogEntry, next: LogEntry | undefined): boolean =>
  event.type === 'read' &&
  next?.event.type === 'message' &&
  next.event.sessionId === event.sessionId &&
  next.event.seq === event.seq + 1;

/**
 * The position before the first event of that time, or a little earlier; of now, the newest. A position that the log has not
 * reached is one of a log that was lost: then it is read from now on, and whoever asked sees that by the first `upTo`.
 */
const startOf = async ({ storage }: Engine, { after, since }: TeamFrom): Promise<number> => {
  let high = await storage.newestPosition();
  if (after !== undefined) return Math.min(after, high);
  if (since === undefined) return high;
  let low = 0;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await storage.feed({ after: middle, limit: 1 });
    if (!next || next.event.at >= since - MARGIN_MS) high = middle;
    else low = next.event.position;
  }
  return low;
};
