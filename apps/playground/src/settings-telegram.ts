import { type Environment, SettingsError } from './settings-error.js';

/** A real Telegram. */
export interface TelegramSettings {
  readonly botToken: string;
  /** The group with topics; or else the chats without. */
  readonly forumChatId?: string;
  readonly chatIds?: readonly string[];
  readonly apiRoot?: string;
}

/** @throws SettingsError */
export const telegramFrom = (env: Environment): TelegramSettings | undefined => {
  const { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_API_ROOT: apiRoot } = env;
  const chats = chatsFrom(env);
  if (botToken && chats) return { botToken, ...chats, ...(apiRoot && { apiRoot }) };
  if (botToken) {
    throw new SettingsError(
      'TELEGRAM_BOT_TOKEN is set, but no chat is: set TELEGRAM_FORUM_CHAT_ID to the id of the group with topics in which the team answers (-100…), or TELEGRAM_CHAT_ID to the id of a chat without.',
    );
  }
  const name = CHAT_VARIABLES.find((each) => env[each]) ?? (apiRoot ? 'TELEGRAM_API_ROOT' : undefined);
  if (name) {
    throw new SettingsError(
      `${name} is set, but TELEGRAM_BOT_TOKEN is not: set it too, or neither to use the phone that is drawn beside the page.`,
    );
  }
  return undefined;
};

const CHAT_VARIABLES = ['TELEGRAM_FORUM_CHAT_ID', 'TELEGRAM_CHAT_ID'] as const;

/** `TELEGRAM_CHAT_ID` has one id, or several with commas between them. */
const chatsFrom = (env: Environment): Pick<TelegramSettings, 'forumChatId' | 'chatIds'> | undefined => {
  const { TELEGRAM_FORUM_CHAT_ID: forumChatId, TELEGRAM_CHAT_ID: list = '' } = env;
  const chatIds = list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (forumChatId && chatIds.length > 0) {
    throw new SettingsError(
      'TELEGRAM_FORUM_CHAT_ID and TELEGRAM_CHAT_ID are both set: set the first for a group with topics, or the second for chats without.',
    );
  }
  if (forumChatId) return { forumChatId };
  return chatIds.length > 0 ? { chatIds } : undefined;
};

/**
 * Whether the drawn phone has one chat for everything.
 * @throws SettingsError
 */
export const withoutTopics = ({ TELEGRAM_TOPICS: value }: Environment): boolean => {
  if (!value || value === 'on') return false;
  if (value === 'off') return true;
  throw new SettingsError(`TELEGRAM_TOPICS is "${value}", but must be "on" or "off".`);
};
