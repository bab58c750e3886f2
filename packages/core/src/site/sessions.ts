import type { SessionId } from '@pocketping/protocol';
import { commitRetrying, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import type { Actor, Message, Session } from '../model/index.js';

const PAGE = 500;

/** All open sessions, newest first. */
export const openSessions = async (engine: Engine): Promise<Session[]> => {
  const sessions: Session[] = [];
  for (;;) {
    const before = sessions.at(-1)?.id;
    const page = await engine.storage.sessions({ status: 'open', limit: PAGE, ...(before && { before }) });
    sessions.push(...page);
    if (page.length < PAGE) return sessions;
  }
};

/** All messages of a session, oldest first, deleted ones included. @throws `session_not_found` */
export const allMessages = async (engine: Engine, sessionId: SessionId): Promise<Message[]> => {
  if (!(await engine.storage.session(sessionId))) throw sessionNotFound(sessionId);
  const messages: Message[] = [];
  for (;;) {
    const page = await engine.storage.messages(sessionId, { after: messages.at(-1)?.seq ?? 0, limit: PAGE });
    messages.push(...page);
    if (page.length < PAGE) return messages;
  }
};

/** The team's close. Harmless when the session is not open. @throws `session_not_found` */
export const closeSession = async (engine: Engine, sessionId: SessionId, actor: Actor): Promise<void> => {
  await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw sessionNotFound(sessionId);
    if (session.status !== 'open') return null;
    return {
      at: engine.clock.now(),
      session: { id: sessionId, patch: { status: 'closed' } },
      events: [{ type: 'session_closed', actor }],
      ...(session.reachedAt !== undefined && { tasks: deliverTasks(engine, sessionId) }),
      expect: { seq: session.seq },
    };
  });
};
