import type { MessageId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import type { Audience, Session } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';

/**
 * Which message of a session stands there, as the target of a reply that is meant for `audience`: what visitors see
 * refers to nothing that only the team may know of.
 */
export const linkedMessage = async (
  { storage }: Engine,
  bridge: string,
  session: Session,
  { chatId, platformId }: MessageRef,
  audience: Audience,
): Promise<MessageId | undefined> => {
  const links = await storage.links({ bridge, chatId, platformId });
  const ids = new Set(
    links.filter((link) => link.sessionId === session.id).map(({ messageId }) => messageId),
  );
  ids.delete('');
  const messages = await Promise.all([...ids].map((id) => storage.message(id)));
  // Of several messages in one post, the newest is the one that is most likely meant.
  return messages
    .filter((message) => message !== null && (audience === 'team' || message.audience === 'all'))
    .sort((a, b) => (b?.seq ?? 0) - (a?.seq ?? 0))[0]?.id;
};
