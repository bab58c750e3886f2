import type { Seq } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import { ownVisitorId } from '../mirror/origin.js';
import type { LogEvent, Session, Thread } from '../model/index.js';
import type { Committed, SessionCard, ThreadRef, WriteSet } from '../ports/index.js';
import type { Doubt } from './doubt.js';
import type { EventsShown } from './events.js';
import { type Fence, LostLease } from './lease.js';
import type { Platform } from './platform.js';

/** One session on one bridge, while it is brought up to the log. */
export interface Lane {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly fence: Fence;
  /** As of the last commit. */
  session: Session;
  readonly thread: Thread;
  /** How far this run has come: ahead of the thread's `deliveredSeq` over entries that need no call. */
  position: Seq;
  /** An entry behind this one has given way: what is done after it does not move the cursor. */
  heldAt: Seq | undefined;
  /** The card shows the session as of this `seq`; 0 when it was posted on another day. */
  cardSeq: number;
  /** An earlier run ended before it could record what it did: its last post may be there. */
  doubtful: boolean;
  /** What earlier runs were not told by the platform, if there is anything. */
  doubt: Doubt | undefined;
  /** This run has made an edit. */
  hasEdited: boolean;
  /** This run has opened the thread, with the title that the session had then. */
  readonly openedNow: boolean;
  /** The last thing that was done in the thread is that this run has closed it. */
  closedNow: boolean;
  /** The platform refused a post that several messages shared: each has its own for the rest of this run. */
  alone: boolean;
  /** How far the thread has been told of custom events, once that was looked up. */
  events: EventsShown | undefined;
}

/** How long a commit is tried again, in milliseconds, that records what a platform shows already. */
const PATIENCE = [100, 300, 1000, 3000];

/**
 * Commits what a platform now shows. A storage that fails for a moment is asked again, because the post would
 * otherwise be made twice. @throws LostLease
 */
export const record = async (lane: Lane, write: Omit<WriteSet, 'at' | 'expect'>): Promise<Committed> => {
  const result = await persist(lane, {
    at: lane.engine.clock.now(),
    session: { id: lane.session.id },
    ...write,
    expect: { fence: lane.fence },
  });
  if (result.conflict !== undefined) throw new LostLease(`the commit met a conflict: ${result.conflict}`);
  if (result.session) lane.session = result.session;
  return result;
};

/** Commits as patiently, for whoever sees to conflicts. */
export const persist = async (
  { engine, platform }: Pick<Lane, 'engine' | 'platform'>,
  write: WriteSet,
): ReturnType<Engine['log']['commit']> => {
  for (const waitMs of PATIENCE) {
    try {
      return await engine.log.commit(write);
    } catch (err) {
      engine.logger.warn({ err, bridge: platform.bridge.name }, 'could not record a delivery; trying again');
      await engine.clock.sleep(waitMs);
    }
  }
  return engine.log.commit(write);
};

/** The write that moves the cursor, as far as nothing before it is held back. */
export const deliveredUpTo = (lane: Lane, seq: Seq): Pick<WriteSet, 'threads'> => ({
  threads: [{ ...threadKey(lane.thread), patch: { deliveredSeq: Math.min(seq, lane.heldAt ?? seq) } }],
});

/** Whether an event has nothing to show on this bridge: it shows there already, on no platform at all, or on another one. */
export const isOfNoConcern = ({ engine, platform }: Lane, event: LogEvent): boolean => {
  const { name } = platform.bridge;
  if (event.origin === name || event.type === 'read') return true;
  // What the site tells the page is between the two.
  if (event.type === 'custom_event')
    return event.actor.kind !== 'visitor' || engine.quietEvents.has(event.data.name);
  const asked = event.type === 'message_retried' || event.type === 'card_requested';
  return asked && event.data.bridge !== name;
};

/** Everything up to here is on the platform, or need not be. */
export const reached = ({ position, heldAt }: Lane): Seq => Math.min(position, heldAt ?? position);

export const threadKey = ({ bridge, chatId, threadId }: Thread) => ({ bridge, chatId, threadId });

export const threadRef = ({ chatId, threadId }: Thread): ThreadRef => ({ chatId, threadId });

export const cardOf = (session: Session): SessionCard => ({
  sessionId: session.id,
  visitorId: ownVisitorId(session),
  startedAt: session.createdAt,
  metadata: session.metadata,
  ...(session.identity && { identity: session.identity }),
});
