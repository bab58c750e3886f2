import { getChat, getChatAdministrators, getChatMember, getMe } from './chat.js';
import { getMyCommands, setMyCommands } from './commands.js';
import {
  deleteMessage,
  editMessageText,
  sendChatAction,
  sendMessage,
  setMessageReaction,
} from './messages.js';
import type { Method } from './method.js';
import { deleteWebhook, getUpdates, getWebhookInfo } from './polling.js';
import {
  closeForumTopic,
  createForumTopic,
  deleteForumTopic,
  editForumTopic,
  reopenForumTopic,
} from './topics.js';

const methods: Readonly<Record<string, Method>> = {
  closeForumTopic,
  createForumTopic,
  deleteForumTopic,
  deleteMessage,
  deleteWebhook,
  editForumTopic,
  editMessageText,
  getChat,
  getChatAdministrators,
  getChatMember,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  reopenForumTopic,
  sendChatAction,
  sendMessage,
  setMessageReaction,
  setMyCommands,
};

const byLowerCase = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]),
);

/** Method names are case-insensitive. */
export const methodNamed = (name: string): { readonly name: string; readonly method: Method } | undefined =>
  byLowerCase.get(name.toLowerCase());
