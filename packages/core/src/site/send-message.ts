import { isStorable, LIMITS, type MessageId, type SessionId } from '@pocketping/protocol';
import { SITE } from '../callbacks.js';
import { replyTarget } from '../conversation/reply-target.js';
import { commitRetrying } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Actor, Message, NewEvent } from '../model/index.js';
import { answering } from '../operators/answering.js';
import { shown } from '../options/shown.js';
import {
  type Check,
  checkedSessionId,
  endedSession,
  fieldsOf,
  oneOf,
  textUpTo,
  unknownSession,
} from './arguments.js';

/** What the site's own code says in a session. */
export interface SiteMessage {
  /** Plain text, 1 to 20,000 UTF-16 code units. */
  readonly content: string;
  /** Who says it; `operator` by default, which counts as the team's answer. */
  readonly type?: (typeof TYPES)[number] | undefined;
  /** The name the visitor sees: 1 to 256 UTF-16 code units, not blank. */
  readonly name?: string | undefined;
  /** The message that it answers; one of another session is left out. */
  readonly replyTo?: MessageId | undefined;
}

/** Who the site can speak as. What visitors say comes from visitors. */
const TYPES = ['operator', 'ai', 'system'] as const;

const METHOD = 'sendMessage';

/** @throws `validation_failed`, `session_not_found`, `session_ended` */
export const sendMessage = async (
  engine: Engine,
  given: SessionId,
  message: SiteMessage,
): Promise<Message> => {
  const sessionId = checkedSessionId(METHOD, given);
  const { content, type: kind = 'operator', name, replyTo: answers } = checked(message);
  const actor: Actor = { kind, id: SITE, ...(name !== undefined && { name }) };
  const result = await commitRetrying(engine, async () => {
    const session = await engine.storage.session(sessionId);
    if (!session) throw unknownSession(METHOD, sessionId);
    if (session.status === 'ended') throw endedSession(METHOD, sessionId);
    const at = engine.clock.now();
    const replyTo = await replyTarget(engine, sessionId, answers);
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

const checked = (message: unknown): SiteMessage =>
  fieldsOf(METHOD, 'the message', message, {
    required: { content: contentCheck },
    optional: { type: oneOf(...TYPES), name: textUpTo(LIMITS.identityLength), replyTo: messageId },
  }) as unknown as SiteMessage;

const contentCheck: Check = (value) => {
  if (typeof value !== 'string') return `must be a text, but is ${shown(value)}`;
  if (value.trim() === '') return 'must not be empty';
  if (!isStorable(value)) return 'must not contain lone surrogates or NUL characters';
  return value.length <= LIMITS.siteContentLength
    ? undefined
    : `must have at most ${LIMITS.siteContentLength} UTF-16 code units, but has ${value.length}`;
};

const messageId: Check = (value) =>
  typeof value === 'string' && isStorable(value)
    ? undefined
    : `must be the id of a message, but is ${shown(value)}`;
