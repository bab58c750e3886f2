import type { MessageRequest } from '@pocketping/protocol';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Message, NewEvent } from '../model/index.js';
import type { Committed, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { sessionEnded, sessionNotFound } from './session-of.js';

const ATTEMPTS = 5;

/**
 * One round trip to the storage in the usual case: token, ownership and status are expectations of the commit.
 * Only a session that is not open is looked at.
 */
export const send = async (
  engine: Engine,
  actor: VisitorActor,
  request: MessageRequest,
): Promise<Message> => {
  let status: 'open' | 'closed' = 'open';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const result = await engine.log.commit(writeOf(engine, actor, request, status));
    if (result.conflict === undefined) {
      const message = sent(result);
      if (!result.duplicate || isRepeated(message, request)) return message;
    }
    if (result.conflict === undefined || result.conflict === 'dedupe') {
      throw new PocketPingError(
        'conflict',
        `clientMessageId ${request.clientMessageId} names an earlier message with another content. Use a new one.`,
      );
    }
    const session = await engine.storage.session(request.sessionId);
    if (session?.visitorId !== actor.id) throw sessionNotFound(request.sessionId);
    if (result.conflict === 'token') {
      engine.tokens.dropHash(actor.tokenHash);
      throw new PocketPingError(
        'unauthorized',
        'This token was revoked. Forget it and call connect without a token.',
      );
    }
    if (session.status === 'ended') throw sessionEnded(request.sessionId);
    status = session.status;
  }
  throw new PocketPingError('unavailable', 'The session keeps opening and closing; try again.', {
    retryAfterMs: 1000,
  });
};

const writeOf = (
  engine: Engine,
  actor: VisitorActor,
  request: MessageRequest,
  status: 'open' | 'closed',
): WriteSet => {
  const at = engine.clock.now();
  const { sessionId, content, replyTo, clientMessageId } = request;
  const author = { kind: 'visitor', id: actor.id } as const;
  const messageId = newId('message', at);
  const events: NewEvent[] = [{ type: 'message', messageId, actor: author }];
  if (status === 'closed') events.unshift({ type: 'session_reopened', actor: author });
  return {
    at,
    session: {
      id: sessionId,
      patch: status === 'closed' ? { reachedAt: at, status: 'open' } : { reachedAt: at },
    },
    insert: [
      {
        id: messageId,
        sessionId,
        author,
        audience: 'all',
        content,
        ...(replyTo !== undefined && { replyTo }),
        ...(clientMessageId !== undefined && { clientMessageId }),
      },
    ],
    events,
    tasks: deliverTasks(engine, sessionId),
    ...(clientMessageId !== undefined && {
      dedupe: {
        scope: `send/${sessionId}`,
        key: clientMessageId,
        digest: '',
      },
    }),
    expect: { token: actor.tokenHash, status },
  };
};

/**
 * Whether a repeated request wants what the first one did. A message that has changed since no longer says what that was;
 * then the name alone counts.
 */
const isRepeated = ({ version, content, replyTo }: Message, request: MessageRequest): boolean =>
  version > 1 || (content === request.content && replyTo === request.replyTo);

const sent = ({ messages }: Committed): Message => {
  const message = messages[0];
  if (!message) throw new PocketPingError('internal_error', 'The storage returned no message.');
  return message;
};
