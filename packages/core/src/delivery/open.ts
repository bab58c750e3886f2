import type { Engine } from '../engine.js';
import type { Session, Thread } from '../model/index.js';
import type { Quote } from '../ports/index.js';
import {
  cardOf,
  deliveredUpTo,
  type Fence,
  type Lane,
  LostLease,
  record,
  threadKey,
  threadRef,
} from './lane.js';
import type { Platform } from './platform.js';
import { postNote } from './post.js';

const RECAPPED = 10;

/** The thread of a session, created if there is none. */
export const openThread = async (
  engine: Engine,
  platform: Platform,
  fence: Fence,
  session: Session,
): Promise<Thread> => {
  const bridge = platform.bridge.name;
  const existing = await engine.storage.thread({ bridge, sessionId: session.id });
  if (existing) return existing;
  const ref = await platform.call({}, (signal) => platform.bridge.open(cardOf(session), { signal }));
  const at = engine.clock.now();
  const result = await engine.log.commit({
    at,
    session: { id: session.id },
    threads: [{ bridge, ...ref, open: { sessionId: session.id } }],
    expect: { fence },
  });
  if (result.conflict !== undefined) throw new LostLease('the thread was opened too late');
  return { bridge, ...ref, sessionId: session.id, openedAt: at, deliveredSeq: 0 };
};

/** The first posts of a new thread: the card, and where it replaces a lost one, what was said before. */
export const introduce = async (lane: Lane, startedSeq: number): Promise<void> => {
  const { engine, thread, session } = lane;
  await postNote(lane, { kind: 'card', card: cardOf(session) }, `card/${thread.threadId}`);
  const lost = await engine.storage.state(lostScope(thread.bridge), session.id);
  const deliveredSeq = lost ? Math.max(startedSeq, Number(lost.value)) : startedSeq;
  if (lost) {
    const messages = await quotesUpTo(lane, deliveredSeq);
    if (messages.length > 0) await postNote(lane, { kind: 'recap', messages }, `recap/${thread.threadId}`);
  }
  await record(lane, {
    ...deliveredUpTo(lane, deliveredSeq),
    ...(lost && { state: [{ scope: lost.scope, key: lost.key, value: null }] }),
  });
  lane.thread = { ...lane.thread, deliveredSeq };
};

/** Gives a thread up that takes no more posts; the next look at the session opens another one. */
export const retire = async (lane: Lane): Promise<void> => {
  const { engine, thread, session } = lane;
  const { deliveredSeq } = thread;
  await record(lane, {
    threads: [{ ...threadKey(thread), patch: { retiredAt: engine.clock.now() } }],
    ...(deliveredSeq > 0 && {
      state: [{ scope: lostScope(thread.bridge), key: session.id, value: deliveredSeq }],
    }),
  });
  engine.logger.warn(
    { bridge: thread.bridge, sessionId: session.id, thread: threadRef(thread) },
    'the thread is gone; the conversation goes on in a new one',
  );
};

/** Where a lost thread had come to, until its successor has been introduced. */
const lostScope = (bridge: string): string => `lost-thread/${bridge}`;

const quotesUpTo = async ({ engine, session }: Lane, seq: number): Promise<Quote[]> => {
  const messages = await engine.storage.messages(session.id, { before: seq + 1, limit: RECAPPED });
  return messages
    .filter(({ deletedAt }) => deletedAt === undefined)
    .map(({ author, content }) => ({ author, content }));
};
