import type { SessionId } from '@pocketping/protocol';
import { commitRetrying } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import type { Actor, Message, Session } from '../model/index.js';
import { checkedSessionId, fieldsOf, flag, unknownSession } from './arguments.js';

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

/** A session, or null. @throws `validation_failed` */
export const anySession = async (engine: Engine, sessionId: SessionId): Promise<Session | null> =>
  engine.storage.session(checkedSessionId('getSession', sessionId));

export interface MessagesOptions {
  /** With the team's private notes. */
  readonly notes?: boolean | undefined;
}

/**
 * All messages of a session, oldest first, deleted ones included; notes only if that is asked for.
 * @throws `validation_failed`, `session_not_found`
 */
export const allMessages = async (
  engine: Engine,
  given: SessionId,
  options: MessagesOptions,
): Promise<Message[]> => {
  const method = 'getMessages';
  const sessionId = checkedSessionId(method, given);
  const { notes } = fieldsOf(method, 'the options', options, { optional: { notes: flag } });
  if (!(await engine.storage.session(sessionId))) throw unknownSession(method, sessionId);
  const messages: Message[] = [];
  for (;;) {
    const page = await engine.storage.messages(sessionId, { after: messages.at(-1)?.seq ?? 0, limit: PAGE });
    messages.push(...page);
    if (page.length < PAGE) break;
  }
  return notes === true ? messages : messages.filter(({ audience }) => audience === 'all');
};

/** The team's close. Harmless when the session is not open. @throws `validation_failed`, `session_not_found` */
export const closeSession = async (engine: Engine, given: SessionId, actor: Actor): Promise<void> => {
  const sessionId = checkedSessionId('closeSession', given);
  await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw unknownSession('closeSession', sessionId);
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
