import type { Callbacks } from '../callbacks.js';
import { originOf } from '../mirror/origin.js';
import type { LogEntry } from '../model/index.js';
import type { Committed, Conflict, StoragePort, WriteSet } from '../ports/index.js';
import type { Feed } from './feed.js';
import type { Hub } from './hub.js';

/** Commit, then tell. Everything that happens in a session goes through here. */
export interface Log {
  /** Commits, and then tells the followers, the bridges and the callbacks. A duplicate is told to nobody again. */
  commit(write: WriteSet): Promise<Committed | Conflict>;
}

interface Told {
  readonly storage: StoragePort;
  readonly hub: Hub;
  readonly callbacks: Callbacks;
  readonly feed: Feed;
  /** Wakes who works on these queues. */
  readonly wake: (queues: readonly string[]) => void;
}

export const createLog = ({ storage, hub, callbacks, feed, wake }: Told): Log => ({
  commit: async (write) => {
    const result = await storage.commit(write);
    if (result.conflict !== undefined || result.duplicate) return result;
    if (result.session && result.events.length > 0) {
      const entries = joinMessages(result);
      hub.tell(result.session.id, entries);
      callbacks.tell(result.session, entries);
      if (originOf(result.session) !== undefined) feed.grew();
    }
    if (write.tasks && write.tasks.length > 0) wake(write.tasks.map((task) => task.queue));
    return result;
  },
});

/** A commit has few messages, mostly one. */
const joinMessages = ({ events, messages }: Committed): LogEntry[] =>
  events.map((event) => {
    const message = 'messageId' in event ? messages.find(({ id }) => id === event.messageId) : undefined;
    return message ? { event, message } : { event };
  });
