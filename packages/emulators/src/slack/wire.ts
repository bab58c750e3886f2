import type { Files } from './files.js';
import type { Named } from './markup.js';
import type { WorkspaceState } from './state.js';
import type { StoredChannel, StoredFile, StoredMessage, StoredUser } from './types.js';

/** A channel, and what it has in common with the others. */
export interface Place {
  readonly state: WorkspaceState;
  readonly files: Files;
  readonly channel: StoredChannel;
}

export const nameOf = ({ displayName, realName }: StoredUser): string => displayName || realName;

export const namedIn = (state: WorkspaceState): Named => ({
  user: (id) => {
    const user = state.users.get(id);
    return user && nameOf(user);
  },
  channel: (id) => state.channels.get(id)?.name,
});

/** Whether a message stands in the channel's own flow. */
export const isTopLevel = ({ ts, threadTs }: StoredMessage): boolean =>
  threadTs === undefined || threadTs === ts;

export const repliesTo = ({ channel }: Place, parentTs: string): StoredMessage[] =>
  [...channel.messages.values()].filter(
    ({ ts, threadTs, deleted }) => threadTs === parentTs && ts !== parentTs && !deleted,
  );

/** A message as the Web API and events show it. @see https://docs.slack.dev/reference/events/message */
export function toMessage(
  place: Place,
  message: StoredMessage,
  { metadata = false } = {},
): Record<string, unknown> {
  const { state } = place;
  const threads = threadFields(place, message);
  if (message.deleted === 'tombstone') {
    return {
      type: 'message',
      subtype: 'tombstone',
      text: 'This message was deleted.',
      user: 'USLACKBOT',
      hidden: true,
      ts: message.ts,
      ...threads,
    };
  }
  return {
    ...authorFields(state, message),
    type: 'message',
    ts: message.ts,
    ...(message.clientMsgId && { client_msg_id: message.clientMsgId }),
    text: message.text,
    ...(message.files && { files: message.files.map((file) => toFile(place.files, file)), upload: false }),
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.edited && { edited: message.edited }),
    ...(metadata && message.metadata && { metadata: message.metadata }),
    ...threads,
    ...reactionFields(message),
  };
}

function authorFields(state: WorkspaceState, { userId, byWebhook, files }: StoredMessage) {
  const team = state.team.id;
  if (byWebhook)
    return { subtype: 'bot_message', bot_id: state.app.botId, app_id: state.app.id, username: 'PocketPing' };
  if (userId !== state.app.botUserId) return { ...(files && { subtype: 'file_share' }), user: userId, team };
  return {
    user: userId,
    team,
    bot_id: state.app.botId,
    app_id: state.app.id,
    bot_profile: {
      id: state.app.botId,
      app_id: state.app.id,
      user_id: userId,
      name: state.users.get(userId)?.realName,
      deleted: false,
      updated: 1_700_000_000,
      team_id: team,
    },
  };
}

function threadFields(place: Place, message: StoredMessage) {
  const { ts, threadTs } = message;
  if (!isTopLevel(message)) {
    return { thread_ts: threadTs, parent_user_id: place.channel.messages.get(threadTs ?? '')?.userId };
  }
  const replies = repliesTo(place, ts);
  if (replies.length === 0) return {};
  const people = [...new Set(replies.map(({ userId }) => userId))];
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users_count: people.length,
    latest_reply: replies.at(-1)?.ts,
    reply_users: people,
    is_locked: false,
    subscribed: false,
  };
}

const reactionFields = ({ reactions = {} }: StoredMessage) => {
  const all = Object.entries(reactions).filter(([, users]) => users.length > 0);
  if (all.length === 0) return {};
  return { reactions: all.map(([name, users]) => ({ name, users, count: users.length })) };
};

/** @see https://docs.slack.dev/reference/objects/file-object */
export const toFile = (files: Files, file: StoredFile) => {
  const { id, name, title = name, mimetype, size = 0, userId, mode = 'hosted', externalUrl } = file;
  if (file.isForeign) return { id, file_access: 'check_file_info' };
  if (!files.get(id)) return { id, mode: 'tombstone' };
  if (mode === 'tombstone' || mode === 'hidden_by_limit') return { id, mode };
  const url = externalUrl ?? files.addressOf(file);
  return {
    id,
    name,
    title,
    mimetype,
    filetype: name.split('.').at(-1),
    size,
    user: userId,
    mode,
    ...(file.clip && { subtype: `slack_${file.clip}`, media_display_type: file.clip, duration_ms: 1000 }),
    is_external: mode === 'external',
    ...(mode === 'external' && { external_type: 'gdrive' }),
    url_private: url,
    ...(mode === 'hosted' && { url_private_download: url }),
  };
};

/** @see https://docs.slack.dev/reference/objects/user-object */
export const toUser = ({ team }: WorkspaceState, { id, name, realName, displayName, isBot }: StoredUser) => ({
  id,
  team_id: team.id,
  name,
  deleted: false,
  real_name: realName,
  tz: 'Europe/Vienna',
  profile: {
    real_name: realName,
    display_name: displayName,
    real_name_normalized: realName,
    display_name_normalized: displayName,
    team: team.id,
  },
  is_admin: false,
  is_owner: false,
  is_bot: isBot,
  is_app_user: false,
  updated: 1_700_000_000,
});

/** @see https://docs.slack.dev/reference/objects/conversation-object */
export const toChannel = ({ state, channel }: Place) => ({
  id: channel.id,
  name: channel.name,
  is_channel: !channel.isPrivate,
  is_group: channel.isPrivate,
  is_im: false,
  is_mpim: false,
  is_private: channel.isPrivate,
  created: channel.created,
  is_archived: channel.isArchived,
  is_general: false,
  name_normalized: channel.name,
  is_shared: false,
  is_org_shared: false,
  is_member: channel.hasBot,
  creator: [...state.users.keys()].find((id) => id !== state.app.botUserId) ?? state.app.botUserId,
  context_team_id: state.team.id,
});
