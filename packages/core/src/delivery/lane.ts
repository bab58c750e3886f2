import type { Engine } from '../engine.js';
import type { Session, Thread } from '../model/index.js';
import type { Committed, SessionCard, ThreadRef, WriteSet } from '../ports/index.js';
import type { Platform } from './platform.js';

/** What this node must hold for its commits to count. */
export interface Fence {
  readonly lease: string;
  readonly token: number;
}

/** This node lost the bridge to another one: what it was about to write was not written. */
export class LostLease extends Error {
  override readonly name = 'LostLease';
}

/** One session on one bridge, while it is brought up to the log. */
export interface Lane {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly fence: Fence;
  /** As of the last commit. */
  session: Session;
  /** As of the last commit; `deliveredSeq` runs ahead of the storage over entries that need no call. */
  thread: Thread;
}

/** Commits what a platform now shows. @throws LostLease */
export const record = async (lane: Lane, write: Omit<WriteSet, 'at' | 'expect'>): Promise<Committed> => {
  const result = await lane.engine.log.commit({
    at: lane.engine.clock.now(),
    session: { id: lane.session.id },
    ...write,
    expect: { fence: lane.fence },
  });
  if (result.conflict !== undefined) throw new LostLease(`the commit met a conflict: ${result.conflict}`);
  if (result.session) lane.session = result.session;
  return result;
};

/** The write that moves the cursor. */
export const deliveredUpTo = (lane: Lane, deliveredSeq: number): Pick<WriteSet, 'threads'> => ({
  threads: [{ ...threadKey(lane.thread), patch: { deliveredSeq } }],
});

export const threadKey = ({ bridge, chatId, threadId }: Thread) => ({ bridge, chatId, threadId });

export const threadRef = ({ chatId, threadId }: Thread): ThreadRef => ({ chatId, threadId });

export const cardOf = (session: Session): SessionCard => ({
  sessionId: session.id,
  visitorId: session.visitorId,
  startedAt: session.createdAt,
  metadata: session.metadata,
  ...(session.identity && { identity: session.identity }),
});
