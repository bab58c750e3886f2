import type { MessageRef } from '@pocketping/core';
import type { Message } from 'grammy/types';
import { isPrivate } from './advice.js';
import type { Marks } from './mark.js';

/** How what is said in a chat belongs to conversations. */
export interface Hearing {
  /** The thread that a message stands in. */
  threadOf(message: Message): string | undefined;
  /** The message that it answers, as far as a person meant it to. */
  targetOf(message: Message, threadId: string | undefined): MessageRef | undefined;
  /** Whether it may be meant for a visitor. */
  concerns(threadId: string | undefined): boolean;
  /** Whether it may as well be the team's own talk. */
  isAside(message: Message): boolean;
}

/** What is typed into a topic is for its visitor; what is said in General is the team's own talk. */
export const inTopics: Hearing = {
  /** Outside of topics a thread id means a chain of replies. */
  threadOf: ({ is_topic_message, message_thread_id }) =>
    is_topic_message && message_thread_id !== undefined ? String(message_thread_id) : undefined,
  /** What is simply typed into a topic appears as a reply to the message that created the topic, whose id is the topic's. */
  targetOf: (message, threadId) => {
    const target = repliedTo(message);
    if (!target || target.platformId === threadId) return undefined;
    return threadId === undefined ? target : { ...target, threadId };
  },
  concerns: (threadId) => threadId !== undefined,
  isAside: () => false,
};

/**
 * Where conversations stand side by side, a reply says which one is meant: by the mark of the bot's post that it answers,
 * else the engine knows the message. In one person's chat everything is meant for some visitor; in a group, what belongs
 * to no conversation is the team's own talk.
 * @param wasAt whether the chat had an id earlier, before it became a supergroup
 */
export const sideBySide = (marks: Marks, wasAt: (chatId: string) => boolean): Hearing => ({
  threadOf: ({ chat, reply_to_message: post }) => (post?.chat.id === chat.id ? marks.read(post) : undefined),
  targetOf: (message, threadId) => {
    const target = repliedTo(message) ?? repliedBefore(message, wasAt);
    return target && threadId !== undefined ? { ...target, threadId } : target;
  },
  concerns: () => true,
  isAside: ({ chat }) => !isPrivate(String(chat.id)),
});

const repliedTo = ({ reply_to_message: target }: Message): MessageRef | undefined =>
  target && target.message_id !== 0
    ? { chatId: String(target.chat.id), platformId: String(target.message_id) }
    : undefined;

/** What stands in the group that this chat was before is shown above, and is a message of another chat. */
const repliedBefore = (
  { external_reply: target }: Message,
  wasAt: (chatId: string) => boolean,
): MessageRef | undefined => {
  if (target?.chat === undefined || target.message_id === undefined) return undefined;
  const chatId = String(target.chat.id);
  return wasAt(chatId) ? { chatId, platformId: String(target.message_id) } : undefined;
};
