import { digest } from '../access/token.js';
import { BridgeError } from '../errors.js';
import type { Session, Thread } from '../model/index.js';
import type { Part, Quote, SessionCard, ThreadRef, WriteSet } from '../ports/index.js';
import { cardOf, deliveredUpTo, type Lane, persist, reached, record, threadKey, threadRef } from './lane.js';
import { LostLease } from './lease.js';
import { audienceOf, summaryOf } from './message-note.js';
import type { Platform } from './platform.js';
import { isCode } from './post.js';
import { inSteps, noteSteps, type Step, threadStep } from './steps.js';

const RECAPPED = 10;

/** The thread of a session, created if there is none, with the session as it is then. */
export const openThread = async (
  { engine, platform, fence }: Pick<Lane, 'engine' | 'platform' | 'fence'>,
  session: Session,
): Promise<{ thread: Thread; session: Session; opened: boolean }> => {
  const bridge = platform.bridge.name;
  const existing = await engine.storage.thread({ bridge, sessionId: session.id });
  if (existing) return { thread: existing, session, opened: false };
  const ref = await opened(platform, session).catch((error: unknown) => {
    // Nobody else waits for it, so it is not seen in the bridge's health.
    if (isCode(error, 'rate_limited') && error.scope === 'thread') {
      engine.logger.warn(
        { err: error, bridge, sessionId: session.id },
        `a conversation has to wait for its thread: ${error.message}`,
      );
    }
    throw error;
  });
  const at = engine.clock.now();
  const write: WriteSet = {
    at,
    session: { id: session.id },
    threads: [{ bridge, ...ref, open: { sessionId: session.id } }],
    expect: { fence },
  };
  const result = await persist({ engine, platform }, write);
  if (result.conflict !== undefined) throw new LostLease('the thread was opened too late');
  const thread = { bridge, ...ref, sessionId: session.id, openedAt: at, deliveredSeq: 0 };
  return { thread, session: result.session ?? session, opened: true };
};

/**
 * A thread may be refused for what the visitor is called or where they are, and then opens without that. Where even that is
 * refused, no conversation gets one, and a person has to see to it.
 */
const opened = async (platform: Platform, session: Session): Promise<ThreadRef> => {
  const card = cardOf(session);
  try {
    return await open(platform, card);
  } catch (error) {
    if (!isCode(error, 'invalid')) throw error;
  }
  const { sessionId, visitorId, startedAt } = card;
  return open(platform, { sessionId, visitorId, startedAt, metadata: {} }).catch((error: unknown) => {
    if (!isCode(error, 'invalid')) throw error;
    throw new BridgeError('misconfigured', `no thread can be opened: ${error.message}`, { cause: error });
  });
};

/** A chat without threads is not called for one. */
const open = (platform: Platform, card: SessionCard): Promise<ThreadRef> => {
  const call = (signal: AbortSignal) => platform.bridge.open(card, { signal });
  return platform.bridge.threadless ? call(new AbortController().signal) : platform.call({}, call);
};

/** The first posts of a new thread: the card, and where it replaces a lost one, what was said before. */
export const introduce = async (lane: Lane, startedSeq: number): Promise<void> => {
  const { engine, thread, platform } = lane;
  const session = (await engine.storage.session(lane.session.id)) ?? lane.session;
  const card = cardOf(session);
  const lost = await engine.storage.state(lostScope(thread.bridge), session.id);
  const deliveredSeq = lost ? Math.max(startedSeq, Number(lost.value)) : startedSeq;
  const messages = lost ? await quotesUpTo(lane, deliveredSeq) : [];
  const { titles } = platform.bridge;
  // Whoever told their name while the thread was created stands in its title all the same.
  const renamed =
    titles !== undefined &&
    (session.seq > lane.session.seq || !lane.openedNow) &&
    session.identity !== undefined;
  const here = `${thread.chatId}/${thread.threadId}`;
  await inSteps(
    lane,
    `introduce/${here}`,
    [
      ...noteSteps(lane, { kind: 'card', card }, `card/${here}`, { persistence: 'endless' }),
      ...recapSteps(lane, messages, `recap/${here}`),
      ...(renamed
        ? [threadStep(lane, `introduce/${here}`, (ref, signal) => titles.rename(ref, card, { signal }))]
        : []),
    ],
    {
      ...deliveredUpTo(lane, deliveredSeq),
      ...(lost && { state: [{ scope: lost.scope, key: lost.key, value: null }] }),
    },
  );
  lane.position = deliveredSeq;
  lane.cardSeq = session.seq;
};

/** Named after what they say: a recap that is made anew, because something was deleted, goes on where it differs. */
const recapSteps = (lane: Lane, messages: readonly Quote[], nonce: string): Step[] => {
  if (messages.length === 0) return [];
  const times = new Map<string, number>();
  const keyOf = ({ plain }: Part) => {
    const time = (times.get(plain) ?? 0) + 1;
    times.set(plain, time);
    return `${digest(plain)}/${time}`;
  };
  return noteSteps(lane, { kind: 'recap', messages }, nonce, { keyOf, persistence: 'endless' });
};

/** Gives a thread up that takes no more posts; the next look at the session opens another one. */
export const retire = async (lane: Lane): Promise<void> => {
  const { engine, thread, session } = lane;
  const deliveredSeq = reached(lane);
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
    .map((message) => ({ author: message.author, content: summaryOf(message), ...audienceOf(message) }));
};
