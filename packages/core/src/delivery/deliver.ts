import type { Engine } from '../engine.js';
import type { LogEntry } from '../model/index.js';
import { cardOf, deliveredUpTo, type Fence, type Lane, record, threadRef } from './lane.js';
import { editPosts, postMessage, removePosts } from './message.js';
import { introduce, openThread, retire } from './open.js';
import type { Platform } from './platform.js';
import { isCode, postNote } from './post.js';

const PAGE = 50;
/** A lane that has shown this many entries, or has taken this long, lets the others go first. */
const SLICE_ENTRIES = 5;
const SLICE_MS = 15_000;

/**
 * Brings one session's thread up to the log, or a slice of the way.
 * @returns `done` when the thread shows everything, `again` when there is more.
 * @throws BridgeError when the platform does not let it go on now.
 */
export const deliver = async (
  engine: Engine,
  platform: Platform,
  fence: Fence,
  sessionId: string,
): Promise<'done' | 'again'> => {
  const session = await engine.storage.session(sessionId);
  if (!session) return 'done';
  const thread = await openThread(engine, platform, fence, session);
  const lane: Lane = { engine, platform, fence, session, thread };
  try {
    return await bringUp(lane);
  } catch (error) {
    if (!isCode(error, 'thread_gone')) throw error;
    await retire(lane);
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
      if (await show(lane, entry)) shown++;
      if (seq > lane.thread.deliveredSeq) lane.thread = { ...lane.thread, deliveredSeq: seq };
    }
    if (page.length < PAGE) return 'done';
    // A long run without anything to show is not read again.
    await record(lane, deliveredUpTo(lane, lane.thread.deliveredSeq));
  }
};

/** Makes the platform show one entry and commits that it does. @returns whether there was anything to show. */
const show = async (lane: Lane, { event, message }: LogEntry): Promise<boolean> => {
  const { platform, thread } = lane;
  const { closing, titles, name } = platform.bridge;
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
    case 'identified':
      // The card of a thread that was opened later says it already.
      if (event.at < thread.openedAt) return false;
      if (titles) {
        const card = cardOf(lane.session);
        await platform.call(thread, (signal) => titles.rename(threadRef(thread), card, { signal }));
      }
      await postNote(lane, { kind: 'identity', card: cardOf(lane.session) }, `identity/${event.seq}`);
      break;
    case 'session_reopened':
      if (closing) await platform.call(thread, (signal) => closing.reopen(threadRef(thread), { signal }));
      else await postNote(lane, { kind: 'reopened', by: event.actor }, `reopened/${event.seq}`);
      break;
    case 'session_closed':
    case 'session_ended':
      await postNote(
        lane,
        event.type === 'session_ended' ? { kind: 'departure' } : { kind: 'closed', by: event.actor },
        `${event.type}/${event.seq}`,
      );
      if (closing) await platform.call(thread, (signal) => closing.close(threadRef(thread), { signal }));
      break;
    case 'read':
      return false;
  }
  await record(lane, deliveredUpTo(lane, event.seq));
  return true;
};
