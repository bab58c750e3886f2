import type { MessageRequest } from '@pocketping/protocol';
import { digest } from '../access/token.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Message, NewEvent } from '../model/index.js';
import type { Committed, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { sessionEnded, sessionNotFound } from './session-of.js';

const ATTEMPTS = 5;
/** About as long as a digest; the two cannot be mistaken, because only a text has a line break in it. */
const OWN_FINGERPRINT = 48;

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
    if (result.conflict === undefined) return sent(result);
    if (result.conflict === 'dedupe') {
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
        digest: fingerprint(`${replyTo ?? ''}\n${content}`),
      },
    }),
    expect: { token: actor.tokenHash, status },
  };
};

/** Tells one text from another. A short one is its own fingerprint: most messages are, and hashing costs a tenth of a send. */
const fingerprint = (text: string): string => (text.length <= OWN_FINGERPRINT ? text : digest(text));

const sent = ({ messages }: Committed): Message => {
  const message = messages[0];
  if (!message) throw new PocketPingError('internal_error', 'The storage returned no message.');
  return message;
};
