import type { SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import type { TeamTyping } from '../log/feed.js';
import type { Instant, LogEntry } from '../model/index.js';
import type { OperatorState } from '../operators/presence.js';
import { originOf } from './origin.js';

/** What the team did in a session of a backend's, or how far the log was read. */
export type TeamNews =
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  /** Nothing of the backend's is left up to here. */
  | { readonly kind: 'upTo'; readonly position: number }
  | { readonly kind: 'typing'; readonly typing: TeamTyping }
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
  const isTheirs = sessionsOf(engine, from.origin);
  const waiting: TeamNews[] = [];
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
        waiting.push({ kind: 'typing', typing });
        wake();
      },
    }),
    presence.watch(() => {
      waiting.push({ kind: 'operators', operators: presence.stated() });
      wake();
    }),
  ];
  try {
    let position = from.after ?? (await startOf(engine, from.since));
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
        if (!(await isTheirs(entry.event.sessionId))) continue;
        yield { kind: 'entry', entry };
        told = position;
      }
      if (page.length === PAGE) continue;
      if (!atHead || told !== position) yield { kind: 'upTo', position };
      atHead = true;
      told = position;
      for (const now of waiting.splice(0)) {
        if (now.kind !== 'typing' || (await isTheirs(now.typing.sessionId))) yield now;
      }
      await feed.more(news, signal);
    }
  } finally {
    for (const end of ends) end();
  }
}

/** Whether a session is one of this backend's. */
const sessionsOf = ({ storage }: Engine, origin: string) => {
  const known = new Map<SessionId, boolean>();
  return async (id: SessionId): Promise<boolean> => {
    const answer = known.get(id);
    if (answer !== undefined) return answer;
    const session = await storage.session(id);
    const isTheirs = session !== null && originOf(session) === origin;
    if (known.size >= REMEMBERED) known.clear();
    known.set(id, isTheirs);
    return isTheirs;
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

/** The position before the first event of that time, or a little earlier; of now, the newest. */
const startOf = async ({ storage }: Engine, since: Instant | undefined): Promise<number> => {
  let high = await storage.newestPosition();
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
