import type { Clock } from '../telegram/clock.js';
import { Snowflakes } from './snowflake.js';
import { tokenFor } from './token.js';

/**
 * Everything the emulator remembers of Discord: one server with one channel of interest, its threads, and who is there.
 * Plain data, so that it can be written to a file.
 */
export interface GuildState {
  readonly version: 1;
  readonly platform: 'discord';
  readonly id: string;
  readonly name: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly botToken: string;
  readonly ownerId: string;
  /** The channel in which the team answers. */
  readonly channelId: string;
  readonly channels: Map<string, StoredChannel>;
  readonly threads: Map<string, StoredThread>;
  readonly messages: Map<string, StoredMessage>;
  readonly users: Map<string, StoredUser>;
  readonly webhooks: Map<string, StoredWebhook>;
  /** A nonce of the bot's → the message that was created with it. */
  readonly nonces: Map<string, { readonly messageId: string; readonly at: number }>;
  /** Person and place → the newest message that was seen there. */
  readonly reads: Map<string, string>;
  /** An id → the number that the phone's page has for it. */
  readonly numbers: Map<string, number>;
  nextNumber: number;
  /** The newest id, which every other one is greater than. */
  lastId: string;
}

export interface StoredUser {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly bot: boolean;
}

/** @see https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
export const ChannelType = { text: 0, voice: 2, announcement: 5, publicThread: 11, forum: 15 } as const;

/** @see https://discord.com/developers/docs/resources/message#message-object-message-types */
export const MessageType = { plain: 0, renamed: 4, threadCreated: 18, reply: 19 } as const;

export interface StoredChannel {
  readonly id: string;
  readonly type: (typeof ChannelType)['text' | 'voice' | 'announcement' | 'forum'];
  readonly name: string;
  /** Nobody posts in the forum without a tag. */
  readonly requireTag?: boolean;
}

export interface StoredThread {
  readonly id: string;
  readonly parentId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly archived: boolean;
  readonly locked: boolean;
  /** Unix milliseconds of the last change of `archived`, or of its creation. */
  readonly archiveChangedAt: number;
  readonly autoArchiveMinutes: number;
  readonly deleted: boolean;
}

export interface StoredEmbed {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly color?: number;
  readonly footer?: { readonly text: string };
  readonly author?: { readonly name: string };
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[];
}

export interface StoredAttachment {
  readonly id: string;
  readonly filename: string;
  /** Its name as it was, without the ending, where the file's name had to be changed. */
  readonly title?: string;
  readonly size: number;
  readonly contentType: string;
  /** Pixels, where it is a picture. */
  readonly width?: number;
  readonly height?: number;
  /** It was spoken: how long it is, and how loud all along, in base64. */
  readonly voice?: { readonly seconds: number; readonly waveform: string };
}

export interface StoredMessage {
  readonly id: string;
  /** The channel or thread that it stands in. */
  readonly channelId: string;
  readonly authorId: string;
  readonly type: number;
  readonly content: string;
  readonly embeds: readonly StoredEmbed[];
  readonly attachments: readonly StoredAttachment[];
  readonly flags: number;
  /** Whom it rings, such as `@everyone`; nobody where people wrote it, for whom nobody looks. */
  readonly mentions?: readonly string[];
  /** Unix milliseconds. */
  readonly editedAt?: number;
  readonly deleted?: true;
  /** The message that it answers, or the thread that it tells of. */
  readonly reference?: { readonly channelId: string; readonly messageId?: string };
  readonly nonce?: string | number;
  readonly webhookId?: string;
  /** In whose name a webhook wrote. */
  readonly webhookName?: string;
  /** Emoji → who reacted. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

export interface StoredWebhook {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly name: string;
}

export interface Identity {
  readonly title?: string | undefined;
  readonly botToken?: string | undefined;
  readonly channel?: 'text' | 'forum' | undefined;
}

/** A server with a bot in it, its owner, and one channel. */
export function newState({ title, botToken, channel: type }: Identity, clock: Clock): GuildState {
  const newest = { lastId: '0' };
  const ids = new Snowflakes(newest, clock);
  const [id, applicationId] = [ids.next(), ids.next()];
  const bot = { id: ids.next(), username: 'pocketping', displayName: 'PocketPing', bot: true };
  const owner = { id: ids.next(), username: 'owner', displayName: 'Owner', bot: false };
  const channel = { id: ids.next(), type: ChannelType[type ?? 'text'], name: 'support' };
  return {
    version: 1,
    platform: 'discord',
    id,
    name: title ?? 'Support team',
    applicationId,
    botId: bot.id,
    botToken: botToken ?? tokenFor(bot.id),
    ownerId: owner.id,
    channelId: channel.id,
    channels: new Map([[channel.id, channel]]),
    threads: new Map(),
    messages: new Map(),
    users: new Map([bot, owner].map((user) => [user.id, user])),
    webhooks: new Map(),
    nonces: new Map(),
    reads: new Map(),
    numbers: new Map(),
    nextNumber: 1,
    ...newest,
  };
}
