import type { DeleteRequest, EditRequest, MessageId } from '@pocketping/protocol';
import { letGoOf } from '../attachments/register.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Message, Session } from '../model/index.js';
import type { MessagePatch, WriteSet } from '../ports/index.js';
import type { Changed, VisitorActor } from './conversation.js';
import { commitRetrying, sessionEnded, sessionOf } from './session-of.js';

export const edit = (engine: Engine, actor: VisitorActor, request: EditRequest): Promise<Changed> =>
  change(engine, actor, request, (message, at) => {
    if (message.deletedAt !== undefined) {
      throw new PocketPingError('message_deleted', `Message ${message.id} is deleted and cannot be edited.`);
    }
    return message.content === request.content ? null : { content: request.content, editedAt: at };
  });

export const remove = (engine: Engine, actor: VisitorActor, request: DeleteRequest): Promise<Changed> =>
  change(engine, actor, request, (message, at) =>
    message.deletedAt === undefined ? { content: '', attachments: undefined, deletedAt: at } : null,
  );

/** Changes the visitor's own message; `patchFor` answers null when there is nothing to change. */
const change = async (
  engine: Engine,
  actor: VisitorActor,
  { sessionId, messageId }: DeleteRequest,
  patchFor: (message: Message, at: number) => MessagePatch | null,
): Promise<Changed> => {
  let unchanged: Changed | undefined;
  const result = await commitRetrying(engine, async () => {
    const session = await sessionOf(engine, actor, sessionId);
    const message = await ownMessage(engine, session, messageId);
    const at = engine.clock.now();
    const patch = patchFor(message, at);
    if (!patch) {
      unchanged = { message, seq: session.seq };
      return null;
    }
    if (session.status === 'ended') throw sessionEnded(sessionId);
    return {
      ...changeOf(engine, session, message, patch, at),
      expect: { token: actor.tokenHash, notBlocked: true, seq: session.seq },
    };
  });
  if (!result) {
    if (unchanged) return unchanged;
    throw new PocketPingError('internal_error', 'Nothing was planned for this change.');
  }
  const message = result.messages[0];
  if (!message || !result.session)
    throw new PocketPingError('internal_error', 'The storage returned no message.');
  return { message, seq: result.session.seq };
};

const changeOf = (
  engine: Engine,
  session: Session,
  { id, attachments }: Message,
  patch: MessagePatch,
  at: number,
): WriteSet => {
  const files = letGoOf(patch.deletedAt === undefined ? undefined : attachments);
  return {
    at,
    session: { id: session.id },
    update: [{ id, patch }],
    state: files.state,
    events: [
      {
        type: patch.deletedAt === undefined ? 'message_edited' : 'message_deleted',
        messageId: id,
        actor: { kind: 'visitor', id: session.visitorId },
      },
    ],
    tasks: [...deliverTasks(engine, session.id), ...files.tasks],
  };
};

const ownMessage = async (engine: Engine, session: Session, messageId: MessageId): Promise<Message> => {
  const message = await engine.storage.message(messageId);
  if (message?.sessionId === session.id && message.author.kind === 'visitor') return message;
  throw new PocketPingError(
    'message_not_found',
    `Session ${session.id} has no message ${messageId} of this visitor.`,
  );
};
