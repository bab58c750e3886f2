import type { BridgeEvent } from '@pocketping/protocol';
import { letGoOf } from '../attachments/register.js';
import { markRead } from '../conversation/read.js';
import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Message, Session } from '../model/index.js';
import type { Committed, MessagePatch, WriteSet } from '../ports/index.js';
import { delivered, mirroredSession, unchanged, visitorOf } from './session.js';

type Change = Extract<
  BridgeEvent,
  {
    type:
      | 'visitor_message_edited'
      | 'visitor_message_deleted'
      | 'operator_message_edited'
      | 'operator_message_deleted';
  }
>;

/** Something that was said on the backend's side says something else now, or nothing any more. */
export const change = (
  engine: Engine,
  event: Change,
  about: Pick<WriteSet, 'dedupe'>,
): Promise<Committed | null> =>
  commitRetrying(engine, async () => {
    const session = await mirroredSession(engine, event);
    const message = await mirroredMessage(engine, session, event.message.id);
    const isEdit = 'content' in event.message;
    if (message.deletedAt !== undefined) {
      if (!isEdit) return unchanged(engine, about);
      throw new PocketPingError('message_deleted', `Message ${message.id} is deleted and cannot be edited.`);
    }
    const at = engine.clock.now();
    const patch: MessagePatch = isEdit
      ? { content: (event.message as { content: string }).content, editedAt: at }
      : { content: '', attachments: undefined, deletedAt: at };
    if (isEdit && patch.content === message.content) return unchanged(engine, about);
    const files = letGoOf(isEdit ? undefined : message.attachments);
    return {
      at,
      session: { id: session.id },
      update: [{ id: message.id, patch }],
      state: files.state,
      events: [
        {
          type: isEdit ? 'message_edited' : 'message_deleted',
          messageId: message.id,
          actor: message.author,
          audience: message.audience,
        },
      ],
      tasks: [...(delivered(engine, session).tasks ?? []), ...files.tasks],
      expect: { seq: session.seq },
      ...about,
    };
  });

/** What the team here has said is the team's: it is changed where it was written. @throws `message_not_found` */
export const mirroredMessage = async (
  { storage }: Engine,
  session: Session,
  id: string,
): Promise<Message> => {
  const message = await storage.message(id);
  if (message?.sessionId === session.id && message.author.via === undefined) return message;
  throw new PocketPingError(
    'message_not_found',
    `Session ${session.id} has no message ${id} of the backend’s own.`,
  );
};

type Read = Extract<BridgeEvent, { type: 'message_read' }>;

/** The visitor has what the team wrote, or has read it. @throws `message_not_found` where none of it is here */
export const readInSession = async (engine: Engine, event: Read): Promise<void> => {
  const { messageIds, status, sessionId } = event;
  const session = await mirroredSession(engine, event);
  const named = await Promise.all(messageIds.map((id) => engine.storage.message(id)));
  const messages = named.filter((each) => each?.sessionId === sessionId && each.deletedAt === undefined);
  if (messages.length === 0) {
    throw new PocketPingError(
      'message_not_found',
      `Session ${sessionId} has none of these messages, or has them no longer.`,
    );
  }
  await markRead(engine, session, { by: visitorOf(session), status, messages });
};
