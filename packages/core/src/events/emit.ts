import { LIMITS, type SessionId } from '@pocketping/protocol';
import { SITE } from '../callbacks.js';
import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import { checkedSessionId, endedSession, fieldsOf, numberThat, unknownSession } from '../site/arguments.js';
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

const METHOD = 'emitEvent';

/** Tells the page of one session something. @throws `validation_failed`, `session_not_found`, `session_ended` */
export const emitEvent = async (
  engine: Engine,
  id: SessionId,
  given: { readonly name: unknown; readonly data: unknown },
  options: EmitOptions,
): Promise<CustomEvent> => {
  const sessionId = checkedSessionId(METHOD, id);
  const event = checkedEvent(METHOD, given.name, given.data);
  const { ttlSeconds = TTL_SECONDS } = checkedOptions(options);
  let at = 0;
  await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw unknownSession(METHOD, sessionId);
    if (session.status === 'ended') throw endedSession(METHOD, sessionId);
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

const checkedOptions = (options: unknown): EmitOptions =>
  fieldsOf(METHOD, 'the options', options, {
    optional: {
      ttlSeconds: numberThat(
        `a number from 1 to ${LIMITS.eventTtlSeconds}`,
        (seconds) => seconds >= 1 && seconds <= LIMITS.eventTtlSeconds,
      ),
    },
  }) as EmitOptions;
