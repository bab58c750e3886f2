import type { Guild } from './guild.js';
import { guildCreate } from './wire.js';

/** @see https://discord.com/developers/docs/events/gateway#list-of-intents */
export const Intent = {
  guilds: 1 << 0,
  messages: 1 << 9,
  typing: 1 << 11,
  messageContent: 1 << 15,
} as const;

/** An event as a client with these intents gets it; undefined if it does not. */
export const seenWith = (
  intents: number,
  name: string,
  payload: object,
  guild: Guild,
): object | undefined => {
  if (name === 'GUILD_CREATE') return guildCreate(guild);
  if ((intents & intentFor(name)) === 0) return undefined;
  const inChannel = name.startsWith('MESSAGE_') || name.startsWith('THREAD_') || name === 'TYPING_START';
  if (inChannel && !guild.permissions.has('VIEW_CHANNEL')) return undefined;
  if (!name.startsWith('MESSAGE_') || (intents & Intent.messageContent) !== 0) return payload;
  return withoutContent(payload, guild);
};

const intentFor = (name: string): number => {
  if (name.startsWith('MESSAGE_')) return Intent.messages;
  return name === 'TYPING_START' ? Intent.typing : Intent.guilds;
};

/** What strangers wrote is empty for who did not ask to read it. @see https://discord.com/developers/docs/events/gateway#message-content-intent */
const withoutContent = (payload: object, guild: Guild): object => {
  const { author } = payload as { readonly author?: { readonly id: string } };
  if (author === undefined || author.id === guild.bot.id) return payload;
  return { ...payload, content: '', embeds: [], attachments: [], components: [] };
};
