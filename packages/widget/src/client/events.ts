import type { Api } from './api.js';
import { backoffMs } from './backoff.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError } from './errors.js';
import type { PendingEvent } from './kept.js';
import type { Persistence } from './persistence.js';
import { randomName } from './random.js';

/** The page's own word about something that happened is of no use long after it. */
const KEPT_MS = 60 * 60_000;

/**
 * Custom events that the page triggered and the server does not have yet, oldest first, one at a time. Like a message each is sent
 * for as long as it gets no answer, by whichever page there is, under an id under which the server takes it once.
 */
export function createEvents(
  environment: Environment,
  api: Api,
  stored: Persistence,
  connection: Connection,
) {
  const { clock } = environment;
  const { events } = stored;
  let flushing = false;
  let over = false;
  let failures = 0;
  let lastCreatedAt = 0;
  /** What the server asked for holds even if the network is in a hurry. */
  let notBefore = 0;
  let cancelRetry: (() => void) | undefined;

  const now = () => {
    lastCreatedAt = Math.max(clock.now(), lastCreatedAt + 1);
    return lastCreatedAt;
  };

  const next = (): PendingEvent | undefined => {
    for (const event of events.all()) {
      if (clock.now() - event.createdAt <= KEPT_MS) return event;
      stored.dropEvent(event, 'too old');
    }
    return undefined;
  };

  const flush = async () => {
    if (over || flushing || clock.now() < notBefore || !next()) return;
    cancelRetry?.();
    cancelRetry = undefined;
    // It is kicked again as soon as there is a session.
    if (!connection.session()) return connection.running() || connection.start();
    flushing = true;
    await environment.exclusively(stored.name('events'), sendAll);
    flushing = false;
    // One that was triggered while the lock went back found this still at it.
    if (!cancelRetry) void flush();
  };

  const sendAll = async () => {
    for (;;) {
      const event = next();
      const session = connection.session();
      if (!event || !session || over) return;
      const { id, name, data, tried = session.sessionId } = event;
      const asked = { ...session, sessionId: tried };
      events.put(id, { ...event, tried });
      try {
        await api.post('/event', { name, data, clientEventId: id }, asked, undefined, true);
        failures = 0;
      } catch (thrown) {
        const error = asPocketPingError(thrown);
        if (over) return;
        const isElsewhere = connection.leave(asked, error);
        if (isElsewhere && events.get(id)) events.put(id, { ...event, tried: undefined });
        if (isElsewhere || error.retryable) {
          notBefore = clock.now() + error.retryAfterMs;
          cancelRetry = clock.after(backoffMs(++failures, environment.random, error.retryAfterMs), () => {
            cancelRetry = undefined;
            notBefore = 0;
            void flush();
          });
          return;
        }
        stored.dropEvent(event, error.message);
      }
      events.remove(id);
    }
  };

  return {
    /** @param id under which the event may be kept already */
    trigger(name: string, data: unknown, id = randomName(environment, 8)) {
      const sessionId = connection.session()?.sessionId;
      stored.keepEvent({ id, name, data, sessionId, createdAt: now() });
      // After a failure it waits for its turn.
      if (!cancelRetry) void flush();
    },
    /** There is a conversation, or a connection, again. */
    kick() {
      void flush();
    },
    /** The server wants none of it. */
    refuse: events.clear,
    /** Sends nothing any more. What is stored stays. */
    stop() {
      over = true;
      cancelRetry?.();
    },
  };
}
