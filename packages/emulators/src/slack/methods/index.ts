import { getPermalink, postMessage, remove, update } from './chat.js';
import { history, info, join, replies } from './conversations.js';
import { completeUploadExternal, deleteFile, fileInfo, getUploadURLExternal } from './files.js';
import { addReaction, authTest, openConnection, removeReaction, usersInfo } from './general.js';
import type { MethodEntry } from './method.js';

/** The methods there are, by their documented names. @see https://docs.slack.dev/reference/methods */
const METHODS: Readonly<Record<string, MethodEntry>> = {
  'api.test': { method: () => ({}) },
  'apps.connections.open': { method: openConnection, app: true },
  'auth.test': { method: authTest },
  'chat.delete': { method: remove, scopes: ['chat:write'] },
  'chat.getPermalink': { method: getPermalink },
  'chat.postMessage': { method: postMessage, scopes: ['chat:write'] },
  'chat.update': { method: update, scopes: ['chat:write'] },
  'conversations.history': { method: history, scopes: ['channels:history', 'groups:history'] },
  'conversations.info': { method: info, scopes: ['channels:read', 'groups:read'] },
  'conversations.join': { method: join, scopes: ['channels:join'] },
  'conversations.replies': { method: replies, scopes: ['channels:history', 'groups:history'] },
  'files.completeUploadExternal': { method: completeUploadExternal, scopes: ['files:write'] },
  'files.delete': { method: deleteFile, scopes: ['files:write'] },
  'files.getUploadURLExternal': { method: getUploadURLExternal, scopes: ['files:write'] },
  'files.info': { method: fileInfo, scopes: ['files:read'] },
  'reactions.add': { method: addReaction, scopes: ['reactions:write'] },
  'reactions.remove': { method: removeReaction, scopes: ['reactions:write'] },
  'users.info': { method: usersInfo, scopes: ['users:read'] },
};

export const methodNamed = (name: string): MethodEntry | undefined =>
  Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
