import {
  invalidForm,
  missingPermissions,
  tagRequired,
  threadArchived,
  unknownGuild,
  wrongChannelType,
} from '../errors.js';
import type { Guild } from '../guild.js';
import { byAge } from '../snowflake.js';
import { ChannelType, type StoredChannel, type StoredThread } from '../state.js';
import { channelObject, guildObject, messageObject, threadObject, userObject } from '../wire.js';
import { need, placeAt } from './access.js';
import { wordsFrom } from './content.js';
import type { Route, RouteInput } from './route.js';

/** Characters of a thread's name. @see https://discord.com/developers/docs/resources/channel#start-thread-without-message */
const NAME_LENGTH = 100;

/** Minutes. @see https://discord.com/developers/docs/resources/channel#channel-object-channel-structure */
const AUTO_ARCHIVE = [60, 1440, 4320, 10_080];

export const channelRoutes: readonly Route[] = [
  {
    name: 'GET /gateway/bot',
    run: ({ gatewayUrl }) => ({
      url: gatewayUrl,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
    }),
  },
  { name: 'GET /users/@me', run: ({ guild }) => userObject(guild.bot) },
  {
    name: 'GET /guilds/{guild}',
    run: ({ guild }, { at }) => {
      if (at.guild !== guild.id) throw unknownGuild();
      return guildObject(guild);
    },
  },
  {
    name: 'GET /guilds/{guild}/threads/active',
    run: ({ guild }, { at }) => {
      if (at.guild !== guild.id) throw unknownGuild();
      const visible = guild.permissions.has('VIEW_CHANNEL');
      const active = [...guild.threads.values()]
        .filter(({ archived, deleted }) => visible && !archived && !deleted)
        .sort(byAge)
        .reverse();
      return { threads: active.map((thread) => threadObject(guild, thread)), members: [] };
    },
  },
  {
    name: 'GET /channels/{channel}',
    run: ({ guild }, { at }) => {
      const { channel, thread } = placeAt(guild, at.channel);
      return thread ? threadObject(guild, thread) : channelObject(guild, channel);
    },
  },
  {
    name: 'PATCH /channels/{channel}',
    run: ({ guild }, { at, body }) => {
      const { thread } = placeAt(guild, at.channel);
      if (!thread) throw missingPermissions();
      return threadObject(guild, changed(guild, thread, body));
    },
  },
  {
    name: 'DELETE /channels/{channel}',
    run: ({ guild }, { at }) => {
      const { thread } = placeAt(guild, at.channel);
      need(guild, 'MANAGE_THREADS');
      if (!thread) throw missingPermissions();
      guild.deleteThread(thread);
      return threadObject(guild, thread);
    },
  },
  {
    name: 'POST /channels/{channel}/threads',
    run: ({ guild }, { at, body }) => {
      const { channel, thread } = placeAt(guild, at.channel);
      if (thread) throw wrongChannelType();
      const name = nameFrom(body);
      const minutes = body.auto_archive_duration === undefined ? undefined : minutesFrom(body);
      if (channel.type === ChannelType.forum) return startInForum(guild, channel, name, minutes, body);
      need(guild, 'CREATE_PUBLIC_THREADS');
      if (body.type !== ChannelType.publicThread) throw wrongChannelType();
      return threadObject(guild, guild.createThread(channel.id, guild.bot.id, name, minutes));
    },
  },
  {
    name: 'GET /channels/{channel}/threads/archived/public',
    run: ({ guild }, { at, query }) => {
      const { channel } = placeAt(guild, at.channel);
      need(guild, 'READ_MESSAGE_HISTORY');
      const limit = Math.min(Number(query.get('limit') ?? 50), 100);
      const before = query.get('before');
      const archived = guild
        .threadsIn(channel.id)
        .filter((thread) => thread.archived)
        .filter(({ archiveChangedAt }) => before === null || archiveChangedAt < Date.parse(before))
        .sort((left, right) => right.archiveChangedAt - left.archiveChangedAt);
      return {
        threads: archived.slice(0, limit).map((thread) => threadObject(guild, thread)),
        members: [],
        has_more: archived.length > limit,
      };
    },
  },
];

/** In a forum it takes what is needed to send a message. @see https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel */
const startInForum = (
  guild: Guild,
  { id, requireTag }: StoredChannel,
  name: string,
  minutes: number | undefined,
  { message, applied_tags: tags }: RouteInput['body'],
): object => {
  need(guild, 'SEND_MESSAGES');
  if (requireTag && !(Array.isArray(tags) && tags.length > 0)) throw tagRequired();
  if (typeof message !== 'object' || message === null) {
    throw invalidForm('message', 'BASE_TYPE_REQUIRED', 'This field is required');
  }
  const words = wordsFrom(message as Record<string, unknown>);
  const thread = guild.createThread(id, guild.bot.id, name, minutes);
  const first = guild.post({ ...words, id: thread.id, channelId: thread.id, authorId: guild.bot.id });
  return { ...threadObject(guild, thread), message: messageObject(guild, first) };
};

/** @see https://discord.com/developers/docs/topics/threads#editing-deleting-threads */
const changed = (guild: Guild, thread: StoredThread, body: RouteInput['body']): StoredThread => {
  const { archived, locked } = body;
  if (thread.archived && archived !== false) throw threadArchived();
  const owns = thread.ownerId === guild.bot.id || guild.permissions.has('MANAGE_THREADS');
  if (!owns) throw missingPermissions();
  if (locked !== undefined && locked !== thread.locked) need(guild, 'MANAGE_THREADS');
  return guild.updateThread(thread, {
    ...(body.name === undefined ? {} : { name: nameFrom(body) }),
    ...(body.auto_archive_duration === undefined ? {} : { autoArchiveMinutes: minutesFrom(body) }),
    ...(typeof archived === 'boolean' && { archived }),
    ...(typeof locked === 'boolean' && { locked }),
  });
};

const nameFrom = ({ name }: RouteInput['body']): string => {
  const text = typeof name === 'string' ? name.trim() : '';
  if (text === '' || [...text].length > NAME_LENGTH) {
    throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${NAME_LENGTH} in length.`);
  }
  return text;
};

const minutesFrom = ({ auto_archive_duration: minutes }: RouteInput['body']): number => {
  if (typeof minutes === 'number' && AUTO_ARCHIVE.includes(minutes)) return minutes;
  throw invalidForm(
    'auto_archive_duration',
    'BASE_TYPE_CHOICES',
    `Value must be one of {${AUTO_ARCHIVE.join(', ')}}.`,
  );
};
