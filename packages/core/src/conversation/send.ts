import type { MessageRequest } from '@pocketping/protocol';
import { type Attaching, attach, notToBeHad } from '../attachments/attach.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Message, NewEvent } from '../model/index.js';
import type { Committed, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { replyTarget } from './reply-target.js';
import { asVisitor, speak } from './speak.js';

/** The message that is answered is looked at, and nothing else in the usual case. */
export const send = async (engine: Engine, actor: VisitorActor, asked: MessageRequest): Promise<Message> => {
  const request =
    asked.replyTo === undefined
      ? asked
      : { ...asked, replyTo: await replyTarget(engine, asked.sessionId, asked.replyTo) };
  const { sessionId, attachmentIds } = request;
  const files = attachmentIds && (await attach(engine, actor, attachmentIds));
  const result = await speak(engine, actor, {
    sessionId,
    write: (status) => writeOf(engine, actor, request, files, status),
    refusal: (conflict) => {
      if (conflict === 'dedupe') return alreadyUsed(request);
      return conflict === 'state' ? notToBeHad(attachmentIds ?? []) : undefined;
    },
  });
  return sent(result, request);
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
    expect: asVisitor(actor, status),
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
