import { missingAccess, missingPermissions, unknownChannel, unknownMessage } from '../errors.js';
import type { Guild } from '../guild.js';
import type { Permission } from '../permissions.js';
import { isSnowflake } from '../snowflake.js';
import type { StoredChannel, StoredMessage, StoredThread } from '../state.js';

export type Place =
  | { readonly channel: StoredChannel; readonly thread?: undefined }
  | { readonly channel: StoredChannel; readonly thread: StoredThread };

/** The channel or thread that an address names, if the bot may see it. */
export const placeAt = (guild: Guild, id: string | undefined): Place => {
  const thread = guild.thread(id ?? '');
  const channel = guild.channels.get(thread?.parentId ?? id ?? '');
  if (!channel) throw unknownChannel();
  if (!guild.permissions.has('VIEW_CHANNEL')) throw missingAccess();
  return thread ? { channel, thread } : { channel };
};

export const messageAt = (guild: Guild, channelId: string, id: string | undefined): StoredMessage => {
  const message = isSnowflake(id) ? guild.message(id) : undefined;
  if (message?.channelId !== channelId) throw unknownMessage();
  return message;
};

/** @throws DiscordApiError 50013 */
export const need = (guild: Guild, ...permissions: readonly Permission[]): void => {
  if (permissions.some((permission) => !guild.permissions.has(permission))) throw missingPermissions();
};

/** Where messages of a place stand. */
export const idOf = ({ channel, thread }: Place): string => thread?.id ?? channel.id;
