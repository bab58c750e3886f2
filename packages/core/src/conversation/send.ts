import type { MessageRequest } from '@pocketping/protocol';
import { type Attaching, attach, notToBeHad } from '../attachments/attach.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Message, NewEvent } from '../model/index.js';
import type { Committed, Conflict, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { replyTarget } from './reply-target.js';
import { sessionEnded, sessionNotFound, visitorBlocked } from './session-of.js';

const ATTEMPTS = 5;

/**
 * One round trip to the storage in the usual case: token, ownership and status are expectations of the commit.
 * Only a session that is not open is looked at, and the message that is answered.
 */
export const send = async (engine: Engine, actor: VisitorActor, asked: MessageRequest): Promise<Message> => {
  const request =
    asked.replyTo === undefined
      ? asked
      : { ...asked, replyTo: await replyTarget(engine, asked.sessionId, asked.replyTo) };
  const { attachmentIds } = request;
  const files = attachmentIds && (await attach(engine, actor, attachmentIds));
  const result = await engine.log.commit(writeOf(engine, actor, request, files, 'open'));
  return result.conflict === undefined
    ? sent(result, request)
    : sendAgain(engine, actor, request, files, result.conflict);
};

/** What the conflict leaves to be done: another attempt, or an error that says why none would help. */
const sendAgain = async (
  engine: Engine,
  actor: VisitorActor,
  request: MessageRequest,
  files: Attaching | undefined,
  first: Conflict['conflict'],
): Promise<Message> => {
  let conflict = first;
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    if (conflict === 'dedupe') throw alreadyUsed(request);
    if (conflict === 'state') throw notToBeHad(request.attachmentIds ?? []);
    const session = await engine.storage.session(request.sessionId);
    if (session?.visitorId !== actor.id) throw sessionNotFound(request.sessionId);
    if (conflict === 'token') {
      engine.tokens.dropHash(actor.tokenHash);
      throw new PocketPingError(
        'unauthorized',
        'This token was revoked. Forget it and call connect without a token.',
      );
    }
    if (conflict === 'blocked') throw visitorBlocked();
    if (session.status === 'ended') throw sessionEnded(request.sessionId);
    const result = await engine.log.commit(writeOf(engine, actor, request, files, session.status));
    if (result.conflict === undefined) return sent(result, request);
    conflict = result.conflict;
  }
  throw new PocketPingError('unavailable', 'The session keeps opening and closing; try again.', {
    retryAfterMs: 1000,
  });
};

const writeOf = (
  engine: Engine,
  actor: VisitorActor,
  request: MessageRequest,
  files: Attaching | undefined,
  status: 'open' | 'closed',
): WriteSet => {
  const at = engine.clock.now();
  const { sessionId, content, replyTo, clientMessageId } = request;
  const { author } = actor;
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
        replyTo,
        clientMessageId,
        attachments: files?.attachments,
      },
    ],
    events,
    tasks: deliverTasks(engine, sessionId),
    ...(files && { state: files.state, cancel: files.cancel }),
    dedupe:
      clientMessageId === undefined ? undefined : { scope: sessionId, key: clientMessageId, digest: '' },
    expect: { token: actor.tokenHash, notBlocked: true, status },
  };
};

/**
 * The message that was sent, or that an earlier request with this `clientMessageId` sent.
 * @throws PocketPingError `conflict` when that one had something else to say
 */
const sent = ({ messages, duplicate }: Committed, request: MessageRequest): Message => {
  const message = messages[0];
  if (!message) throw new PocketPingError('internal_error', 'The storage returned no message.');
  if (duplicate && !isRepeated(message, request)) throw alreadyUsed(request);
  return message;
};

/**
 * Whether a repeated request wants what the first one did. A message that has changed since no longer says what that was;
 * then the name alone counts.
 */
const isRepeated = (
  { version, content, replyTo, attachments = [] }: Message,
  request: MessageRequest,
): boolean =>
  version > 1 ||
  (content === request.content &&
    replyTo === request.replyTo &&
    attachments.map(({ id }) => id).join() === (request.attachmentIds ?? []).join());

const alreadyUsed = ({ clientMessageId }: MessageRequest) =>
  new PocketPingError(
    'conflict',
    `clientMessageId ${clientMessageId} names an earlier message with another content. Use a new one.`,
  );
