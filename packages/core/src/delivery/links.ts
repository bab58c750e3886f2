import type { Message, MessageLink } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';
import type { Lane } from './lane.js';

/** Where this bridge shows a message, lost threads included. */
export const linksOf = ({ engine, thread }: Lane, message: Message): Promise<MessageLink[]> =>
  engine.storage.links({ bridge: thread.bridge, messageId: message.id });

/** Where a message stands in the thread that the session lives in now. */
export const linksHere = async (lane: Lane, message: Message): Promise<MessageLink[]> =>
  (await linksOf(lane, message)).filter((link) => isHere(lane, link));

/** Whether a post in the thread that the session lives in now shows an earlier version of a message. */
export const isOutdated = async (lane: Lane, message: Message): Promise<boolean> =>
  (await linksHere(lane, message)).some(
    ({ direction, version }) => direction === 'out' && version < message.version,
  );

/** Whether a link is of the thread that the session lives in now: a chat that moved may keep the names of its threads. */
export const isHere = ({ thread }: Lane, { chatId, threadId }: MessageLink): boolean =>
  threadId === thread.threadId && chatId === thread.chatId;

/** Everything that the post of a link shows. */
export const linksOfPost = (
  { engine }: Lane,
  { bridge, chatId, platformId }: MessageLink,
): Promise<MessageLink[]> => engine.storage.links({ bridge, chatId, platformId });

export const newLink = (
  { thread, session }: Lane,
  message: Message,
  posted: MessageRef,
  part: number,
): MessageLink => ({
  bridge: thread.bridge,
  chatId: posted.chatId,
  platformId: posted.platformId,
  threadId: thread.threadId,
  sessionId: session.id,
  messageId: message.id,
  part,
  direction: 'out',
  version: message.version,
});

/**
 * Names the post with which a message first appears, alone or before others: whatever it and they say by the time of a later
 * attempt, it is the same post. Where the platform is asked for a post, or posts cannot be changed, each text has a name.
 */
export const firstNonce = ({ platform, thread }: Lane, { id }: Message, part = 0): string | undefined =>
  platform.bridge.reconcile || !platform.bridge.editing ? undefined : `${thread.threadId}/${id}/${part}`;

/** Where a link's post stands: what people wrote outside of any thread is in none. */
export const placeOf = ({ chatId, platformId, threadId }: MessageLink): MessageRef => ({
  chatId,
  platformId,
  ...(threadId !== '' && { threadId }),
});

/** The key under which all links of a post are removed. */
export const postKey = ({ bridge, chatId, platformId }: MessageLink) => ({ bridge, chatId, platformId });
