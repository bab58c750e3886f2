import type { Guild } from './guild.js';
import { bitsOf } from './permissions.js';
import { instantOf } from './snowflake.js';
import {
  ChannelType,
  type StoredAttachment,
  type StoredChannel,
  type StoredMessage,
  type StoredThread,
  type StoredUser,
} from './state.js';

/** As Discord writes instants: ISO 8601 with microseconds. */
const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.(\d{3})Z$/, '.$1000+00:00');

/** @see https://discord.com/developers/docs/resources/user#user-object */
export const userObject = (user: StoredUser) => ({
  id: user.id,
  username: user.username,
  global_name: user.bot ? null : user.displayName,
  discriminator: user.bot ? '4242' : '0',
  avatar: null,
  public_flags: 0,
  ...(user.bot && { bot: true }),
});

/** @see https://discord.com/developers/docs/resources/guild#guild-member-object */
export const memberObject = (roles: readonly string[] = []) => ({
  roles,
  nick: null,
  avatar: null,
  joined_at: JOINED_AT,
  premium_since: null,
  deaf: false,
  mute: false,
  pending: false,
  flags: 0,
});

/** @see https://discord.com/developers/docs/resources/channel#channel-object-channel-flags */
const REQUIRE_TAG = 1 << 4;

/** @see https://discord.com/developers/docs/resources/channel#channel-object */
export const channelObject = (guild: Guild, channel: StoredChannel) => ({
  id: channel.id,
  type: channel.type,
  guild_id: guild.id,
  name: channel.name,
  position: 0,
  parent_id: null,
  nsfw: false,
  topic: null,
  rate_limit_per_user: 0,
  permission_overwrites: [],
  last_message_id: guild.messagesIn(channel.id).at(-1)?.id ?? null,
  flags: channel.requireTag ? REQUIRE_TAG : 0,
  ...(channel.type === ChannelType.forum && {
    available_tags: [],
    default_reaction_emoji: null,
    default_sort_order: null,
    default_forum_layout: 0,
  }),
});

/** @see https://discord.com/developers/docs/topics/threads#thread-fields */
export const threadObject = (guild: Guild, thread: StoredThread) => {
  const messages = guild.messagesIn(thread.id);
  return {
    id: thread.id,
    type: ChannelType.publicThread,
    guild_id: guild.id,
    parent_id: thread.parentId,
    owner_id: thread.ownerId,
    name: thread.name,
    last_message_id: messages.at(-1)?.id ?? null,
    rate_limit_per_user: 0,
    message_count: messages.length,
    total_message_sent: messages.length,
    member_count: 1,
    flags: 0,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: timestamp(thread.archiveChangedAt),
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: timestamp(instantOf(thread.id)),
    },
    member: { flags: 1, join_timestamp: timestamp(instantOf(thread.id)), muted: false, mute_config: null },
  };
};

/** @see https://discord.com/developers/docs/resources/message#message-object */
export const messageObject = (guild: Guild, message: StoredMessage, depth = 1): object => ({
  id: message.id,
  channel_id: message.channelId,
  type: message.type,
  content: message.content,
  author: authorObject(guild, message),
  timestamp: timestamp(instantOf(message.id)),
  edited_timestamp: message.editedAt === undefined ? null : timestamp(message.editedAt),
  tts: false,
  mention_everyone: message.mentions?.some((mention) => /^@/.test(mention)) ?? false,
  mentions: [],
  mention_roles: [],
  attachments: message.attachments.map((attachment) => attachmentObject(guild, message, attachment)),
  embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
  pinned: false,
  flags: message.flags,
  components: [],
  ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
  ...(message.webhookId === undefined ? {} : { webhook_id: message.webhookId }),
  ...reactionsOf(guild, message),
  ...referenceOf(guild, message, depth),
});

/** @see https://discord.com/developers/docs/resources/message#attachment-object */
const attachmentObject = (guild: Guild, { channelId }: StoredMessage, attachment: StoredAttachment) => {
  const { id, filename, title, size, contentType, width, height, voice } = attachment;
  const url = guild.cdn.addressOf(channelId, attachment);
  return {
    id,
    filename,
    ...(title === undefined ? {} : { title }),
    size,
    content_type: contentType,
    url,
    proxy_url: url,
    ...(width !== undefined && { width, height }),
    ...(voice && { duration_secs: voice.seconds, waveform: voice.waveform }),
  };
};

const authorObject = (guild: Guild, message: StoredMessage) => {
  if (message.webhookId !== undefined) {
    return {
      id: message.webhookId,
      username: message.webhookName,
      global_name: null,
      discriminator: '0000',
      avatar: null,
      bot: true,
    };
  }
  return userObject(guild.users.get(message.authorId) as StoredUser);
};

const reactionsOf = (guild: Guild, message: StoredMessage) => {
  const all = Object.entries(message.reactions);
  if (all.length === 0) return {};
  return {
    reactions: all.map(([name, by]) => ({
      emoji: { id: null, name },
      count: by.length,
      count_details: { burst: 0, normal: by.length },
      burst_colors: [],
      me_burst: false,
      me: by.includes(guild.bot.id),
    })),
  };
};

/** @see https://discord.com/developers/docs/resources/message#message-reference-types */
const referenceOf = (guild: Guild, { reference, type }: StoredMessage, depth: number): object => {
  if (!reference) return {};
  const target = reference.messageId === undefined ? undefined : guild.message(reference.messageId);
  return {
    message_reference: {
      type: 0,
      guild_id: guild.id,
      channel_id: reference.channelId,
      ...(reference.messageId === undefined ? {} : { message_id: reference.messageId }),
    },
    ...(type === 19 &&
      depth > 0 && { referenced_message: target ? messageObject(guild, target, depth - 1) : null }),
  };
};

/** The roles of the server; the bot's own is the one that its invitation made. */
const rolesOf = (guild: Guild) => {
  const role = (id: string, name: string, permissions: string, position: number) => ({
    id,
    name,
    permissions,
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    managed: position > 0,
    mentionable: false,
    flags: 0,
  });
  return [
    role(guild.id, '@everyone', '0', 0),
    role(guild.applicationId, 'PocketPing', bitsOf(guild.permissions), 1),
  ];
};

/** @see https://discord.com/developers/docs/events/gateway-events#guild-create */
export const guildObject = (guild: Guild) => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  owner_id: guild.ownerId,
  region: 'deprecated',
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 1,
  default_message_notifications: 1,
  explicit_content_filter: 0,
  mfa_level: 0,
  nsfw_level: 0,
  premium_tier: 0,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  preferred_locale: 'en-US',
  premium_progress_bar_enabled: false,
  vanity_url_code: null,
  description: null,
  banner: null,
  splash: null,
  discovery_splash: null,
  application_id: null,
  features: [],
  emojis: [],
  stickers: [],
  roles: rolesOf(guild),
});

/** What only the gateway tells of a server. */
export const guildCreate = (guild: Guild) => ({
  ...guildObject(guild),
  joined_at: JOINED_AT,
  large: false,
  unavailable: false,
  member_count: guild.users.size,
  voice_states: [],
  members: [{ ...memberObject([guild.applicationId]), user: userObject(guild.bot) }],
  channels: [...guild.channels.values()].map((channel) => channelObject(guild, channel)),
  threads: [...guild.threads.values()]
    .filter(({ archived, deleted }) => !archived && !deleted)
    .map((thread) => threadObject(guild, thread)),
  presences: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
});

/** When everybody came to the server. */
const JOINED_AT = '2026-01-05T09:00:00.000000+00:00';
