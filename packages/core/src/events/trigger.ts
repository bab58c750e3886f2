import type { EventRequest } from '@pocketping/protocol';
import type { VisitorActor } from '../conversation/conversation.js';
import { commitRetrying, sessionEnded, sessionOf } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';

/**
 * Something happened on the page. Bridges are woken though the session may not be on them yet: its first message may be
 * committed at this instant, and nobody else would tell them of what came right behind it.
 */
export const trigger = async (engine: Engine, actor: VisitorActor, request: EventRequest): Promise<void> => {
  const { sessionId, name, data } = request;
  await commitRetrying(engine, async () => {
    const { status } = await sessionOf(engine, actor, sessionId);
    if (status === 'ended') throw sessionEnded(sessionId);
    return {
      at: engine.clock.now(),
      session: { id: sessionId },
      events: [
        { type: 'custom_event', data: { name, ...(data !== undefined && { data }) }, actor: actor.author },
      ],
      ...(!engine.quietEvents.has(name) && { tasks: deliverTasks(engine, sessionId) }),
      expect: { token: actor.tokenHash, notBlocked: true, status },
    };
  });
};
