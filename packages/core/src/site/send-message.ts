import { LIMITS, type MessageId, type SessionId, text } from '@pocketping/protocol';
import { SITE } from '../callbacks.js';
import { replyTarget } from '../conversation/reply-target.js';
import { commitRetrying, sessionEnded, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Actor, Message, NewEvent } from '../model/index.js';
import { answering } from '../operators/answering.js';

/** What the site's own code says in a session. */
export interface SiteMessage {
  /** Plain text, 1 to 20,000 UTF-16 code units. */
  readonly content: string;
  /** Who says it; `operator` by default, which counts as the team's answer. */
  readonly type?: 'operator' | 'ai' | 'system';
  /** The name the visitor sees. */
  readonly name?: string;
  readonly replyTo?: MessageId;
}

const contentSchema = text(LIMITS.siteContentLength);

/** @throws `validation_failed`, `session_not_found`, `session_ended` */
export const sendMessage = async (
  engine: Engine,
  sessionId: SessionId,
  message: SiteMessage,
): Promise<Message> => {
  const content = checked((message as Partial<SiteMessage> | undefined)?.content);
  const kind = message.type ?? 'operator';
  const actor: Actor = { kind, id: SITE, ...(message.name !== undefined && { name: message.name }) };
  const result = await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw sessionNotFound(sessionId);
    if (session.status === 'ended') throw sessionEnded(sessionId);
    const at = engine.clock.now();
    const replyTo = await replyTarget(engine, sessionId, message.replyTo);
    const id = newId('message', at);
    const event: NewEvent = {
      type: 'message',
      messageId: id,
      actor,
      ...(kind === 'operator' && { marks: 'operator' }),
    };
    return {
      at,
      ...answering(session, actor, event),
      insert: [
        {
          id,
          sessionId,
          author: actor,
          audience: 'all',
          content,
          ...(replyTo !== undefined && { replyTo }),
        },
      ],
      ...(session.reachedAt !== undefined && { tasks: deliverTasks(engine, sessionId) }),
      expect: { status: session.status },
    };
  });
  const sent = result?.messages[0];
  if (!sent) throw new PocketPingError('internal_error', 'The storage returned no message.');
  return sent;
};

const checked = (content: unknown): string => {
  const parsed = contentSchema.safeParse(content);
  if (parsed.success && parsed.data.trim() !== '') return parsed.data;
  const problem = parsed.success
    ? 'must not be empty'
    : parsed.error.issues.map(({ message }) => message).join('; ');
  throw new PocketPingError('validation_failed', `sendMessage: content ${problem}`);
};
