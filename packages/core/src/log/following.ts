import { LIMITS, type Seq, type SessionId } from '@pocketping/protocol';
import type { Follower, Following, ResetReason } from '../conversation/conversation.js';
import type { LogEntry } from '../model/index.js';
import type { Clock, Logger, StoragePort } from '../ports/index.js';
import type { Hub, Listener } from './hub.js';
import { isForVisitors } from './visible.js';

const PAGE = 200;
const RETRY_MS = 1000;

interface Ports {
  readonly storage: StoragePort;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Brings one follower up to the log and keeps it there. What the hub says is used directly when it continues at
 * the cursor; anything else (a gap, a head that is further on) only means that the log has to be read.
 */
export const follow = async (
  ports: Ports,
  from: { sessionId: SessionId; after: Seq },
  follower: Follower,
): Promise<Following> => {
  const { storage, hub, clock, logger } = ports;
  const closing = new AbortController();
  let cursor = from.after;
  let head = 0;
  let reading = true;
  let leave = () => {};

  const close = () => {
    closing.abort();
    leave();
  };
  const guarded = (tell: () => void) => {
    if (closing.signal.aborted) return;
    try {
      tell();
    } catch (err) {
      logger.debug({ err, sessionId: from.sessionId }, 'a follower failed and is let go');
      close();
    }
  };
  const bring = (entry: LogEntry) => {
    if (entry.event.seq <= cursor) return;
    cursor = entry.event.seq;
    if (isForVisitors(entry.event)) guarded(() => follower.entry(entry));
  };
  const readOn = async () => {
    reading = true;
    while (!closing.signal.aborted) {
      const page = await storage.events(from.sessionId, { after: cursor, limit: PAGE });
      for (const entry of page) bring(entry);
      if (page.length < PAGE && head <= cursor) break;
      // The head was announced before this replica of the log shows it.
      if (page.length === 0) await clock.sleep(RETRY_MS, closing.signal);
    }
    reading = false;
  };
  const catchUp = async () => {
    while (!closing.signal.aborted) {
      try {
        return await readOn();
      } catch (err) {
        logger.warn(
          { err, sessionId: from.sessionId },
          'could not read the log for a follower; trying again',
        );
        await clock.sleep(RETRY_MS, closing.signal);
      }
    }
  };

  const listener: Listener = {
    committed: (entries) => {
      const first = entries[0]?.event.seq ?? 0;
      const last = entries.at(-1)?.event.seq ?? 0;
      if (!reading && first <= cursor + 1) for (const entry of entries) bring(entry);
      else listener.head(last);
    },
    head: (seq) => {
      if (seq > head) head = seq;
      if (!reading && head > cursor) void catchUp();
    },
    signal: (signal) => guarded(() => follower.signal(signal)),
    stop: () => {
      guarded(() => follower.end('stopping'));
      close();
    },
  };

  leave = await hub.join(from.sessionId, listener);
  try {
    head = Math.max(head, (await storage.heads([from.sessionId])).get(from.sessionId) ?? 0);
    const reason = whyNotResume(from.after, head);
    if (reason) {
      guarded(() => follower.reset(reason));
      close();
    } else {
      await readOn();
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    get seq() {
      return cursor;
    },
    close,
  };
};

/** A cursor from elsewhere, or one so old that reloading is cheaper than replaying. */
const whyNotResume = (after: Seq, head: Seq): ResetReason | undefined => {
  if (after > head) return 'unknown_cursor';
  if (head - after > LIMITS.resumeEvents) return 'too_far_behind';
  return undefined;
};
