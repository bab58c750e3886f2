import { getChat, getChatAdministrators, getChatMember, getMe, leaveChat } from './chat.js';
import { getMyCommands, setMyCommands } from './commands.js';
import { getFile, sendAnimation, sendAudio, sendDocument, sendPhoto, sendVideo, sendVoice } from './files.js';
import {
  closeGeneralForumTopic,
  editGeneralForumTopic,
  hideGeneralForumTopic,
  reopenGeneralForumTopic,
  unhideGeneralForumTopic,
} from './general.js';
import {
  deleteMessage,
  editMessageCaption,
  editMessageText,
  sendChatAction,
  sendMessage,
  setMessageReaction,
} from './messages.js';
import type { Method } from './method.js';
import { getUpdates } from './polling.js';
import {
  closeForumTopic,
  createForumTopic,
  deleteForumTopic,
  editForumTopic,
  reopenForumTopic,
} from './topics.js';
import { deleteWebhook, getWebhookInfo, setWebhook } from './webhooks.js';

const methods: Readonly<Record<string, Method>> = {
  closeForumTopic,
  closeGeneralForumTopic,
  createForumTopic,
  deleteForumTopic,
  deleteMessage,
  deleteWebhook,
  editForumTopic,
  editGeneralForumTopic,
  editMessageCaption,
  editMessageText,
  getChat,
  getChatAdministrators,
  getChatMember,
  getFile,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  hideGeneralForumTopic,
  leaveChat,
  reopenForumTopic,
  reopenGeneralForumTopic,
  sendAnimation,
  sendAudio,
  sendChatAction,
  sendDocument,
  sendMessage,
  sendPhoto,
  sendVideo,
  sendVoice,
  setMessageReaction,
  setMyCommands,
  setWebhook,
  unhideGeneralForumTopic,
};

const byLowerCase = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]),
);

/** Method names are case-insensitive. */
export const methodNamed = (name: string): { readonly name: string; readonly method: Method } | undefined =>
  byLowerCase.get(name.toLowerCase());
