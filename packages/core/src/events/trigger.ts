import type { EventRequest } from '@pocketping/protocol';
import { digest } from '../access/token.js';
import { canonical } from '../canonical.js';
import type { VisitorActor } from '../conversation/conversation.js';
import { asVisitor, speak } from '../conversation/speak.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { WriteSet } from '../ports/index.js';

/**
 * Something happened on the page. Bridges are woken though the session may not be on them yet: its first message may be
 * committed at this instant, and nobody else would tell them of what came right behind it.
 *
 * Its name is written in the same commit as the entry, and nowhere earlier: one that was refused (too many of them, a storage that
 * failed) can be sent again under it.
 */
export const trigger = async (engine: Engine, actor: VisitorActor, request: EventRequest): Promise<void> => {
  const { sessionId, name, data, clientEventId } = request;
  const event = { name, ...(data !== undefined && { data }) };
  const dedupe = clientEventId === undefined ? undefined : named(sessionId, clientEventId, event);
  await speak(engine, actor, {
    sessionId,
    write: (status) => ({
      at: engine.clock.now(),
      session: { id: sessionId },
      events: [{ type: 'custom_event', data: event, actor: actor.author }],
      ...(!engine.quietEvents.has(name) && { tasks: deliverTasks(engine, sessionId) }),
      ...(dedupe && { dedupe }),
      expect: asVisitor(actor, status),
    }),
    refusal: (conflict) => (conflict === 'dedupe' ? alreadyUsed(clientEventId) : undefined),
  });
};

/** Messages have names of their own: an event may be called like one. */
const named = (sessionId: string, clientEventId: string, event: object): WriteSet['dedupe'] => ({
  scope: `event/${sessionId}`,
  key: clientEventId,
  digest: digest(canonical(event)),
});

const alreadyUsed = (clientEventId: string | undefined) =>
  new PocketPingError(
    'conflict',
    `clientEventId ${clientEventId} names an earlier event with another name or other data. Use a new one.`,
  );
