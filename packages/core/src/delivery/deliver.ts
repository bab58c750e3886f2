import type { Engine } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { LogEntry } from '../model/index.js';
import { cardOf, deliveredUpTo, type Lane, record } from './lane.js';
import type { Fence } from './lease.js';
import { editPosts, postMessage, removePosts } from './message.js';
import { introduce, openThread, retire } from './open.js';
import type { Platform } from './platform.js';
import { isCode } from './post.js';
import { inSteps, noteSteps, threadStep } from './steps.js';

const PAGE = 50;
/** A lane that has shown this many entries, or has taken this long, lets the others go first. */
const SLICE_ENTRIES = 5;
const SLICE_MS = 15_000;

/**
 * Brings one session's thread up to the log, or a slice of the way.
 * @param doubtful an earlier run may have posted something that it could not record
 * @returns `done` when the thread shows everything, `again` when there is more.
 * @throws BridgeError when the platform does not let it go on now.
 */
export const deliver = async (
  at: { engine: Engine; platform: Platform; fence: Fence },
  sessionId: string,
  doubtful: boolean,
): Promise<'done' | 'again'> => {
  const found = await at.engine.storage.session(sessionId);
  if (!found) return 'done';
  const { thread, session, opened } = await openThread(at, found);
  const lane: Lane = { ...at, thread, session: found, cardSeq: 0, doubtful: doubtful && !opened };
  if (!opened) lane.session = session;
  try {
    return await bringUp(lane);
  } catch (error) {
    if (!isCode(error, 'thread_gone')) throw error;
    const { deliveredSeq } = lane.thread;
    await retire(lane);
    // A thread that never took a post is followed by another one only after a pause.
    if (deliveredSeq === 0) throw new Error('a new thread takes no post', { cause: error });
    return 'again';
  }
};

const bringUp = async (lane: Lane): Promise<'done' | 'again'> => {
  const { clock, storage } = lane.engine;
  const until = clock.now() + SLICE_MS;
  let shown = 0;
  for (;;) {
    const page = await storage.events(lane.session.id, { after: lane.thread.deliveredSeq, limit: PAGE });
    for (const entry of page) {
      const { seq } = entry.event;
      if (seq <= lane.thread.deliveredSeq) continue;
      if (shown >= SLICE_ENTRIES || clock.now() > until) return 'again';
      letOthersGo(lane);
      if (await show(lane, entry)) shown++;
      if (seq > lane.thread.deliveredSeq) lane.thread = { ...lane.thread, deliveredSeq: seq };
    }
    if (page.length < PAGE) return 'done';
    // A long run without anything to show is not read again.
    await record(lane, deliveredUpTo(lane, lane.thread.deliveredSeq));
  }
};

/** While the platform refuses this thread, its lane is better used by another one. */
const letOthersGo = ({ platform, thread }: Lane): void => {
  const retryAfterMs = platform.pausedFor(thread);
  if (retryAfterMs === 0) return;
  throw new BridgeError('rate_limited', 'The thread has to wait.', { retryAfterMs, scope: 'thread' });
};

/** Makes the platform show one entry and commits that it does. @returns whether there was anything to show. */
const show = async (lane: Lane, { event, message }: LogEntry): Promise<boolean> => {
  const { closing, titles, name } = lane.platform.bridge;
  const step = `${event.type}/${event.seq}`;
  const final = deliveredUpTo(lane, event.seq);
  if (event.origin === name) return false;
  switch (event.type) {
    case 'session_started':
      await introduce(lane, event.seq);
      return true;
    case 'message':
      if (!message || message.deletedAt !== undefined) return false;
      await postMessage(lane, event, message);
      return true;
    case 'message_edited':
      if (!message || message.deletedAt !== undefined) return false;
      await editPosts(lane, event, message);
      break;
    case 'message_deleted':
      if (!message) return false;
      await removePosts(lane, message);
      break;
    case 'identified': {
      // The card says it already.
      if (event.seq <= lane.cardSeq) return false;
      const session = (await lane.engine.storage.session(lane.session.id)) ?? lane.session;
      const card = cardOf(session);
      const rename = titles && threadStep(lane, (ref, signal) => titles.rename(ref, card, { signal }));
      const note = noteSteps(lane, { kind: 'identity', card }, step);
      await inSteps(lane, step, rename ? [rename, ...note] : note, final);
      // Later changes up to here are in this note.
      lane.cardSeq = session.seq;
      return true;
    }
    case 'session_reopened': {
      const reopen = closing && threadStep(lane, (ref, signal) => closing.reopen(ref, { signal }));
      const steps = reopen ? [reopen] : noteSteps(lane, { kind: 'reopened', by: event.actor }, step);
      await inSteps(lane, step, steps, final);
      return true;
    }
    case 'session_closed':
    case 'session_ended': {
      const closed = event.type === 'session_closed';
      const note = noteSteps(
        lane,
        closed ? { kind: 'closed', by: event.actor } : { kind: 'departure' },
        step,
      );
      const close = closing && threadStep(lane, (ref, signal) => closing.close(ref, { signal }));
      await inSteps(lane, step, close ? [...note, close] : note, final);
      return true;
    }
    case 'read':
      return false;
  }
  await record(lane, final);
  return true;
};
