import { LONGEST_NAME, nameFrom } from '@pocketping/core/bridging';
import type { TelegramBridgeOptions } from './options.js';
import { wrong } from './wrong.js';

/** A chat in which the team answers. */
export interface ChatSetting {
  /** `forum`: a supergroup, with a topic for each conversation. `shared`: any chat, which all conversations share. */
  readonly kind: 'forum' | 'shared';
  readonly id: string;
  /** What the bridge of this chat is called. */
  readonly name: string;
}

type Options = Pick<TelegramBridgeOptions, 'forumChatId' | 'chatIds' | 'name'>;

/** @throws BridgeError `misconfigured` */
export const chatsFrom = (options: Options): [ChatSetting, ...ChatSetting[]] => {
  const { forumChatId } = options;
  const chatIds = listed(options.chatIds);
  const name = nameFrom(options.name ?? 'telegram', wrong);
  const hasForum = forumChatId !== undefined && forumChatId !== '';
  if (hasForum && chatIds.length > 0) {
    throw wrong(
      'forumChatId and chatIds are both set. Set forumChatId for a group with topics, or chatIds for chats without, or make two bridges with a bot each.',
    );
  }
  if (hasForum) return [{ kind: 'forum', id: forumIdFrom(forumChatId), name }];
  const [first, ...others] = [...new Set(chatIds.map(chatIdFrom))].map((id) => sharedChat(id, name));
  if (first) return [first, ...others];
  throw wrong(`forumChatId is missing: ${FIND_FORUM_ID} For chats without topics, set chatIds instead.`);
};

/**
 * The name says which chat it is, so that no chat's name depends on the others. A group's id is negative, and a dash
 * would make its name that of a person's chat with a longer prefix.
 */
const sharedChat = (id: string, prefix: string): ChatSetting => {
  const name = `${prefix}-${id.replace('-', 'g')}`;
  if (name.length > LONGEST_NAME) {
    throw wrong(
      `name is "${prefix}", which with the chat's id becomes "${name}": at most ${LONGEST_NAME} characters in all.`,
    );
  }
  return { kind: 'shared', id, name };
};

const listed = (value: Options['chatIds']): readonly (string | number)[] => {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value : [value as string | number];
};

const forumIdFrom = (value: unknown): string => {
  const id = idFrom(value, 'forumChatId');
  if (!/^-100\d{1,13}$/.test(id)) {
    throw wrong(`forumChatId is "${id}", but the id of a supergroup begins with -100: ${FIND_FORUM_ID}`);
  }
  return id;
};

const chatIdFrom = (value: unknown): string => {
  const id = idFrom(value, 'chatIds');
  if (!/^-?[1-9]\d{0,15}$/.test(id)) {
    throw wrong(
      `chatIds has "${id}", but a chat's id is a number: ${FIND_CHAT_ID} Several chats are a list: ["123456789", "-1001234567890"].`,
    );
  }
  return id;
};

const idFrom = (value: unknown, option: string): string => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw wrong(`${option} has lost digits as a number: pass it as a string.`);
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : String(value);
};

const FIND_FORUM_ID =
  'copy the link of any message of the group, such as https://t.me/c/1234567890/1; its id is -100 followed by the first number, "-1001234567890". A group gets such an id when its topics are switched on.';

const FIND_CHAT_ID =
  'send the bot a message there and look for "chat":{"id":…} in https://api.telegram.org/bot<your token>/getUpdates while PocketPing is not running.';
