import { type Bridge, BridgeError, type ThreadRef } from '@pocketping/core';
import type { ChatMember, UserFromGetMe } from 'grammy/types';
import { ENABLE_TOPICS, forumAdvice } from './advice.js';
import type { Advise, Chat } from './chat.js';
import type { ChatSetting } from './chat-settings.js';
import { inTopics } from './hearing.js';
import { DELETABLE_HOURS, pacingOf } from './limits.js';
import { toPart } from './markup.js';
import { parse } from './parse.js';
import { render } from './render.js';
import type { Settings } from './settings.js';
import { type Telegram, telegram, topicId, unlessUnchanged } from './telegram.js';
import { iconColorOf, titleOf } from './title.js';

/** A supergroup with topics: one for each conversation. */
export const forum = (settings: Settings, { id, name }: ChatSetting): Chat => {
  const api = telegram(settings, { advice: forumAdvice(id), topics: true });
  return {
    id,
    name,
    isAt: (chatId) => chatId === id,
    telegram: api,
    pacing: settings.pacing ?? pacingOf('group', 1),
    closing: closing(api),
    titles: titles(api, settings),
    check: (bot, advise, signal) => check(api, id, bot, advise, signal),
    parse: (update, bot, commands) => parse(update, bot, inTopics, commands),
    open: async (card, { signal }) => {
      const topic = await api.act(
        (api, signal) =>
          api.createForumTopic(
            { chat_id: id, name: titleOf(card, settings), icon_color: iconColorOf(card) },
            signal,
          ),
        signal,
      );
      return { chatId: id, threadId: String(topic.message_thread_id) };
    },
    render: (note) => render(note, settings),
    remark: (runs) => toPart(runs),
    destination: placeOf,
    whereToAnswer: ({ chatId, threadId }) =>
      threadId === undefined ? { chat_id: chatId } : placeOf({ chatId, threadId }),
  };
};

const placeOf = ({ chatId, threadId }: ThreadRef) => ({
  chat_id: chatId,
  message_thread_id: topicId(threadId),
});

const closing = (telegram: Telegram): NonNullable<Bridge['closing']> => ({
  close: (thread, { signal }) =>
    unlessUnchanged(telegram.act((api, signal) => api.closeForumTopic(placeOf(thread), signal), signal)),
  reopen: (thread, { signal }) =>
    unlessUnchanged(telegram.act((api, signal) => api.reopenForumTopic(placeOf(thread), signal), signal)),
});

const titles = (telegram: Telegram, settings: Settings): NonNullable<Bridge['titles']> => ({
  rename: (thread, card, { signal }) => {
    const topic = { ...placeOf(thread), name: titleOf(card, settings) };
    return unlessUnchanged(telegram.act((api, signal) => api.editForumTopic(topic, signal), signal));
  },
});

const check = async (
  telegram: Telegram,
  chatId: string,
  bot: UserFromGetMe,
  advise: Advise,
  signal: AbortSignal,
): Promise<void> => {
  const chat = await telegram.ask((api, signal) => api.getChat({ chat_id: chatId }, signal), signal);
  if (chat.type !== 'supergroup') {
    throw new BridgeError(
      'misconfigured',
      `forumChatId (${chatId}) is a ${chat.type}, but must be a supergroup with topics. Create a group, then: ${ENABLE_TOPICS} Or set chatIds instead, for a chat without topics.`,
    );
  }
  if (chat.is_forum !== true) {
    throw new BridgeError('misconfigured', `The group "${chat.title}" has no topics. ${ENABLE_TOPICS}`);
  }
  const membership = await telegram.ask(
    (api, signal) => api.getChatMember({ chat_id: chatId, user_id: bot.id }, signal),
    signal,
  );
  checkRights(membership, bot, advise);
};

const checkRights = (member: ChatMember, bot: UserFromGetMe, advise: Advise): void => {
  if (member.status !== 'administrator') {
    throw new BridgeError(
      'unauthorized',
      `@${bot.username} is not an administrator of the group. Open Edit → Administrators → Add Admin, choose @${bot.username}, and switch on "Manage Topics".`,
    );
  }
  if (member.can_manage_topics !== true) {
    throw new BridgeError(
      'unauthorized',
      `@${bot.username} may not create topics. Open Edit → Administrators → @${bot.username} and switch on "Manage Topics".`,
    );
  }
  if (!member.can_delete_messages) {
    advise(
      `The Telegram bot lacks the right "Delete Messages": what a visitor deletes after ${DELETABLE_HOURS} hours is replaced by a word instead of removed`,
    );
  }
};
