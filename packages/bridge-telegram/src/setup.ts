import { BridgeError, type BridgeHost } from '@pocketping/core';
import type { ChatMember, UserFromGetMe } from 'grammy/types';
import { ENABLE_TOPICS } from './errors.js';
import type { Telegram } from './telegram.js';

/**
 * Finds out whether the bot can work in the group, and makes it ready to be polled.
 * @throws BridgeError saying what to click
 */
export const setUp = async (
  telegram: Telegram,
  chatId: string,
  host: BridgeHost,
  signal: AbortSignal,
): Promise<UserFromGetMe> => {
  const bot = await telegram.ask((api, signal) => api.getMe(signal), signal);
  await checkGroup(telegram, chatId, signal);
  const membership = await telegram.ask(
    (api, signal) => api.getChatMember({ chat_id: chatId, user_id: bot.id }, signal),
    signal,
  );
  checkRights(membership, bot, host);
  await leaveWebhook(telegram, host, signal);
  await offerCommands(telegram, chatId, host, signal);
  return bot;
};

const checkGroup = async (telegram: Telegram, chatId: string, signal: AbortSignal): Promise<void> => {
  const chat = await telegram.ask((api, signal) => api.getChat({ chat_id: chatId }, signal), signal);
  if (chat.type !== 'supergroup') {
    throw new BridgeError(
      'misconfigured',
      `forumChatId (${chatId}) is a ${chat.type}, but must be a supergroup with topics. Create a group, then: ${ENABLE_TOPICS}`,
    );
  }
  if (chat.is_forum !== true) {
    throw new BridgeError('misconfigured', `The group "${chat.title}" has no topics. ${ENABLE_TOPICS}`);
  }
};

const checkRights = (member: ChatMember, bot: UserFromGetMe, { logger }: BridgeHost): void => {
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
    logger.info(
      {},
      'The Telegram bot lacks the right "Delete Messages": what a visitor deletes after 48 hours is replaced by a word instead of removed',
    );
  }
};

/** Telegram answers no polling while a webhook is set. @see https://core.telegram.org/bots/api#getupdates */
const leaveWebhook = async (
  telegram: Telegram,
  { logger }: BridgeHost,
  signal: AbortSignal,
): Promise<void> => {
  const { url } = await telegram.ask((api, signal) => api.getWebhookInfo(signal), signal);
  if (!url) return;
  await telegram.ask((api, signal) => api.deleteWebhook({ drop_pending_updates: false }, signal), signal);
  logger.warn({}, 'Removed the webhook of the Telegram bot, because a bot with a webhook cannot be polled');
};

/** The menu is a convenience: commands that Telegram does not accept do not keep the bridge from working. */
const offerCommands = async (
  telegram: Telegram,
  chatId: string,
  { commands, logger }: BridgeHost,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await telegram.ask(
      (api, signal) =>
        api.setMyCommands(
          {
            commands: commands.map(({ name, summary }) => ({ command: name, description: summary })),
            scope: { type: 'chat', chat_id: chatId },
          },
          signal,
        ),
      signal,
    );
  } catch (error) {
    if (!BridgeError.isInstance(error) || error.code !== 'invalid') throw error;
    logger.warn({ err: error }, 'Telegram does not take the menu of commands; they work all the same');
  }
};
