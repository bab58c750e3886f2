import type { MessageId, SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';

/**
 * The message that one of this session may name as what it answers; undefined for any other, which is left out. What a
 * visitor sees refers to nothing of another session, nor to what only the team may know of.
 */
export const replyTarget = async (
  { storage }: Engine,
  sessionId: SessionId,
  messageId: MessageId | undefined,
): Promise<MessageId | undefined> => {
  const message = messageId === undefined ? null : await storage.message(messageId);
  return message?.sessionId === sessionId && message.audience === 'all' ? message.id : undefined;
};
