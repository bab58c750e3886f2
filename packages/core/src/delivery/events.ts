import type { Seq } from '@pocketping/protocol';
import { digest } from '../access/token.js';
import type { Instant, LogEvent } from '../model/index.js';
import type { EventNote, Note, Part } from '../ports/index.js';
import { deliveredUpTo, isOfNoConcern, type Lane, record } from './lane.js';
import { inSteps, noteSteps, stepsUnderWay } from './steps.js';

/** So many times a thread is told of events at once; then it has to be calm for a while, or each time waits twice as long. */
const AT_ONCE = 3;
const FIRST_GAP_MS = 10_000;
const LONGEST_GAP_MS = 10 * 60_000;
const CALM_MS = 60_000;
/** Cards that are posted together: one for each of the newest names. */
const CARDS = 3;
/** Entries that are looked through for what can be told together. */
const MOST_ENTRIES = 2000;
const PAGE = 200;

/**
 * How far a thread has been told of the page's events. They are shown apart from the cursor, so that those that wait hold
 * back nothing else.
 */
export interface EventsShown {
  /** All events up to here have been told. */
  readonly upTo: Seq;
  /** The first one that waits, if one does. */
  readonly waiting?: Seq;
  /** When the thread was last told of events, and how many times without a calm before. */
  readonly at: Instant;
  readonly times: number;
}

type CustomEvent = Extract<LogEvent, { type: 'custom_event' }>;

/** Tells the thread of an event and of all that follow it, now or later. @returns whether anything was posted */
export const showEvents = async (lane: Lane, event: CustomEvent): Promise<boolean> => {
  if (await isTold(lane, event.seq)) return false;
  const shown = await shownOf(lane);
  if (waitMs(lane, shown) === 0) {
    await post(lane, event.seq, event.seq);
    return true;
  }
  const waiting = { ...shown, waiting: event.seq };
  await record(lane, { ...deliveredUpTo(lane, event.seq), state: [entryOf(lane, waiting)] });
  lane.events = waiting;
  return false;
};

/** Whether the thread has been told of an event, or will be together with an earlier one that waits. */
export const isTold = async (lane: Lane, seq: Seq): Promise<boolean> => {
  const { upTo, waiting = Number.POSITIVE_INFINITY } = await shownOf(lane);
  return seq <= upTo || seq >= waiting;
};

/** Tells the thread of what waits, if it is time. @returns the milliseconds after which it will be; 0 when nothing waits */
export const showWaitingEvents = async (lane: Lane): Promise<number> => {
  for (;;) {
    const shown = await shownOf(lane);
    if (shown.waiting === undefined) return 0;
    const wait = waitMs(lane, shown);
    if (wait > 0) return wait;
    await post(lane, shown.waiting, lane.position);
  }
};

const waitMs = ({ engine }: Lane, shown: EventsShown): number => {
  const now = engine.clock.now();
  // By a clock that was set back nobody knows how long they have waited: they are told now, and the gap begins anew.
  return isCalm(shown, now) || now < shown.at ? 0 : Math.max(0, shown.at + gapAfter(shown) - now);
};

const gapAfter = ({ times }: EventsShown): number =>
  times < AT_ONCE ? 0 : Math.min(FIRST_GAP_MS * 2 ** (times - AT_ONCE), LONGEST_GAP_MS);

/** For so long nobody was told of anything that it begins anew. */
const isCalm = (shown: EventsShown, now: Instant): boolean => now - shown.at > gapAfter(shown) + CALM_MS;

/** Posts what happened from an entry on, and moves the cursor to another one. */
const post = async (lane: Lane, from: Seq, cursor: Seq): Promise<void> => {
  // In a chat without threads nothing but its name tells whose post it is.
  const begins = `events/${lane.session.id}/${from}/`;
  // An earlier run that ended on the way has told of some of it: what has happened since comes later.
  const underWay = await stepsUnderWay(lane);
  const before = underWay?.startsWith(begins) ? Number(underWay.slice(begins.length)) : undefined;
  const { events, upTo } = await eventsFrom(lane, from, { cursor, last: before });
  const name = begins + upTo;
  const steps = notesOf(events).flatMap((note) => noteSteps(lane, note, name, { keyOf }));
  const known = await shownOf(lane);
  const at = lane.engine.clock.now();
  const shown: EventsShown = {
    upTo,
    ...(upTo < cursor && { waiting: upTo + 1 }),
    at,
    times: isCalm(known, at) ? 1 : known.times + 1,
  };
  await inSteps(lane, name, steps, { ...deliveredUpTo(lane, cursor), state: [entryOf(lane, shown)] });
  lane.events = shown;
  lane.closedNow = false;
};

/** Named after what it says: a card that is made anew because more has happened is another one. */
const keyOf = ({ plain }: Part): string => digest(plain);

/** Up to the next message that the thread has yet to show: nothing is told before what it came after. */
const eventsFrom = async (
  lane: Lane,
  from: Seq,
  { cursor, last = Number.POSITIVE_INFINITY }: { readonly cursor: Seq; readonly last?: Seq | undefined },
): Promise<{ events: CustomEvent[]; upTo: Seq }> => {
  const events: CustomEvent[] = [];
  let upTo = from - 1;
  for (let read = 0; read < MOST_ENTRIES; ) {
    const page = await lane.engine.storage.events(lane.session.id, { after: upTo, limit: PAGE });
    for (const { event } of page) {
      if (event.seq > last) return { events, upTo };
      if (event.type === 'message' && event.seq > cursor && !isOfNoConcern(lane, event))
        return { events, upTo };
      if (event.type === 'custom_event' && !isOfNoConcern(lane, event)) events.push(event);
      upTo = event.seq;
    }
    read += page.length;
    if (page.length < PAGE) break;
  }
  return { events, upTo };
};

/** A card for each of the newest names, the newest last; what does not get one is counted. */
const notesOf = (events: readonly CustomEvent[]): Note[] => {
  const counts = new Map<string, number>();
  const newest = new Map<string, CustomEvent>();
  for (const event of events) {
    const { name } = event.data;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    newest.delete(name);
    newest.set(name, event);
  }
  const cards = [...newest.values()]
    .slice(-CARDS)
    .map((event) => noteOf(event, counts.get(event.data.name) ?? 1));
  const rest = events.length - cards.reduce((sum, { count = 1 }) => sum + count, 0);
  return rest === 0 ? cards : [{ kind: 'notice', text: restOf(rest, newest.size - CARDS) }, ...cards];
};

const restOf = (events: number, names: number): string =>
  `The page triggered ${events} more ${events === 1 ? 'event' : 'events'} of ${names} other ${names === 1 ? 'name' : 'names'} before these.`;

const noteOf = ({ data: { name, data }, sessionId, at }: CustomEvent, count: number): EventNote => ({
  kind: 'event',
  name,
  ...(data !== undefined && { data }),
  sessionId,
  at,
  ...(count > 1 && { count }),
});

const shownOf = async (lane: Lane): Promise<EventsShown> => {
  if (!lane.events) {
    const { scope, key } = entryOf(lane, NONE);
    const known = await lane.engine.storage.state(scope, key);
    lane.events = (known?.value as EventsShown | undefined) ?? NONE;
  }
  return lane.events;
};

const NONE: EventsShown = { upTo: 0, at: 0, times: 0 };

const entryOf = ({ thread, session }: Lane, shown: EventsShown) => ({
  scope: `events/${thread.bridge}`,
  key: session.id,
  value: { ...shown },
});
