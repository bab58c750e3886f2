import { LIMITS, type SessionId } from '@pocketping/protocol';
import { SITE } from '../callbacks.js';
import { commitRetrying, sessionEnded, sessionNotFound } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { type CustomEvent, customEvent } from '../views.js';
import { checkedEvent } from './checked.js';

export interface EmitOptions {
  /**
   * For how long the event waits for a visitor who is not there, in seconds: 1 to 2,592,000 (30 days), 3,600 (an hour)
   * unless told.
   */
  readonly ttlSeconds?: number | undefined;
}

const TTL_SECONDS = 3600;

/** Tells the page of one session something. @throws `validation_failed`, `session_not_found`, `session_ended` */
export const emitEvent = async (
  engine: Engine,
  sessionId: SessionId,
  given: { readonly name: unknown; readonly data: unknown },
  { ttlSeconds = TTL_SECONDS }: EmitOptions,
): Promise<CustomEvent> => {
  const event = checkedEvent('emitEvent', given.name, given.data);
  if (!(ttlSeconds >= 1 && ttlSeconds <= LIMITS.eventTtlSeconds)) {
    throw new PocketPingError(
      'validation_failed',
      `emitEvent: ttlSeconds must be a number from 1 to ${LIMITS.eventTtlSeconds}, but is ${ttlSeconds}.`,
    );
  }
  let at = 0;
  await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw sessionNotFound(sessionId);
    if (session.status === 'ended') throw sessionEnded(sessionId);
    at = engine.clock.now();
    return {
      at,
      session: { id: sessionId },
      events: [
        {
          type: 'custom_event',
          data: { ...event, expiresAt: at + ttlSeconds * 1000 },
          actor: { kind: 'system', id: SITE },
        },
      ],
      expect: { status: session.status },
    };
  });
  return customEvent(sessionId, at, event);
};
