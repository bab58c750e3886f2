import type { SessionId } from '@pocketping/protocol';
import { deliverTasks, type Engine } from '../engine.js';
import type { VisitorActor } from './conversation.js';
import { commitRetrying, sessionOf } from './session-of.js';

export const leave = async (engine: Engine, actor: VisitorActor, sessionId: SessionId): Promise<void> => {
  await commitRetrying(engine, async () => {
    const session = await sessionOf(engine, actor, sessionId);
    if (session.status === 'ended') return null;
    return {
      at: engine.clock.now(),
      session: { id: sessionId, patch: { status: 'ended' } },
      events: [{ type: 'session_ended', actor: actor.author }],
      ...(session.reachedAt !== undefined && { tasks: deliverTasks(engine, sessionId) }),
      expect: { token: actor.tokenHash, notBlocked: true, seq: session.seq },
    };
  });
};
