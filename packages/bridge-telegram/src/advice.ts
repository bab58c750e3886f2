/** What a person does about a refusal, in words that say what to click. */
export interface Advice {
  /** The bot is not there, or may not write. */
  readonly admit: string;
  /** It lacks a right. */
  readonly grant: string;
  /** It may write, but send no files of that kind. */
  readonly media: string;
  /** Telegram knows no such chat, or lets the bot know of none. */
  readonly find: string;
}

/** What a person does when the group has no topics. */
export const ENABLE_TOPICS = 'In the group open Edit (Settings) → Topics and switch topics on.';

export const forumAdvice = (chatId: string): Advice => ({
  admit:
    'The bot is not in the group, or may not write there. In the group open Edit → Administrators → Add Admin, choose the bot, and switch on "Manage Topics".',
  grant:
    'In the group open Edit → Administrators, choose the bot, and switch on "Manage Topics" (and "Delete Messages" to remove old messages).',
  media: MEDIA_PERMISSIONS,
  find: `Check that forumChatId ("${chatId}") is the group's id, which begins with -100, and that the bot is in that group.`,
});

export const chatAdvice = (chatId: string): Advice =>
  isPrivate(chatId)
    ? {
        admit: `The person whose chat this is (${chatId}) has stopped the bot. They open the chat with it and tap "Restart" (or Unblock).`,
        grant: `The person whose chat this is (${chatId}) opens the chat with the bot and taps "Restart".`,
        media: `Somebody has to let the bot send files in the chat ${chatId}.`,
        find: `Check the id ${chatId} in chatIds. The person it belongs to has to open the chat with the bot and tap "Start" once.`,
      }
    : {
        admit: `The bot is not in the group ${chatId}, or may not write there. In the group open Edit → Members → Add Member and choose the bot.`,
        grant: `In the group ${chatId} open Edit → Permissions and let members send messages, or make the bot an administrator.`,
        media: MEDIA_PERMISSIONS,
        find: `Check the id ${chatId} in chatIds, and that the bot is in that group.`,
      };

const MEDIA_PERMISSIONS =
  'In the group open Edit → Permissions and let members send media, or make the bot an administrator.';

/** The id of a person's chat is the person's; a group's is negative. @see https://core.telegram.org/bots/api#chat */
export const isPrivate = (chatId: string): boolean => !chatId.startsWith('-');
