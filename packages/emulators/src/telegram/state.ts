import type { FormattedText } from './entities.js';
import { between, type Random } from './random.js';
import type { BotCommand, MediaFile, PhotoSize, Update, User } from './types.js';

/**
 * The topic that every forum has and nobody creates. Bots do not see its id in messages. A chat without topics is kept
 * as one that has no other.
 */
export const GENERAL = 1;

export type Content =
  | ({ readonly type: 'text'; readonly linkPreview?: unknown } & FormattedText)
  | MediaContent
  | ServiceContent;

/** A file and its caption. */
export type MediaContent = (
  | { readonly type: 'photo'; readonly photo: readonly PhotoSize[] }
  | { readonly type: 'live_photo'; readonly photo: readonly PhotoSize[]; readonly media: MediaFile }
  | { readonly type: Exclude<MediaKind, 'photo' | 'live_photo'>; readonly media: MediaFile }
) &
  FormattedText & {
    /** The album that it belongs to. */
    readonly groupId?: string;
  };

/** @see https://core.telegram.org/bots/api#message */
export type MediaKind =
  | 'photo'
  | 'live_photo'
  | 'document'
  | 'video'
  | 'audio'
  | 'voice'
  | 'video_note'
  | 'animation'
  | 'sticker';

/** What is known of a file. */
export interface StoredFile {
  /** The platform's `file_id`. */
  readonly id: string;
  readonly uniqueId: string;
  /** Bytes. */
  readonly size: number;
  /** The platform's `file_path`. */
  readonly path: string;
}

/** What a service message tells of. */
export type ServiceContent =
  | {
      readonly type: 'topic_created';
      readonly name: string;
      readonly iconColor: number;
      readonly iconCustomEmojiId?: string;
    }
  | { readonly type: 'topic_edited'; readonly name?: string; readonly iconCustomEmojiId?: string }
  | { readonly type: 'topic_closed' }
  | { readonly type: 'topic_reopened' }
  | { readonly type: 'general_hidden' }
  | { readonly type: 'general_unhidden' }
  | { readonly type: 'joined'; readonly userId: number }
  | { readonly type: 'left'; readonly userId: number }
  | { readonly type: 'migrated_to'; readonly chatId: number }
  | { readonly type: 'migrated_from'; readonly chatId: number };

export interface StoredMessage {
  readonly id: number;
  readonly topicId: number;
  readonly fromId: number;
  /** Unix time, seconds. */
  readonly date: number;
  readonly replyToId?: number;
  readonly content: Content;
  readonly editDate?: number;
  readonly deleted?: true;
  /** User id → emoji. */
  readonly reactions?: Readonly<Record<string, string>>;
}

export interface StoredTopic {
  /** Also the id of the service message that created it. */
  readonly id: number;
  readonly name: string;
  readonly iconColor: number;
  readonly iconCustomEmojiId?: string;
  readonly creatorId: number;
  /** Unix time, seconds. */
  readonly date: number;
  readonly closed: boolean;
  readonly deleted: boolean;
  /** Only General can be. */
  readonly hidden?: boolean;
  /** The bot cannot write there although people can. */
  readonly blocked?: boolean;
}

/**
 * What the bot is in a chat, and what it may do there as an administrator. `kicked` in a private chat means that the
 * person has blocked it.
 * @see https://core.telegram.org/bots/api#chatmember
 */
export interface BotMembership {
  readonly status: 'administrator' | 'member' | 'left' | 'kicked';
  readonly can_manage_topics: boolean;
  readonly can_delete_messages: boolean;
}

export type ChatType = 'private' | 'group' | 'supergroup';

/** One chat with everything in it. */
export interface ChatState {
  readonly id: number;
  readonly type: ChatType;
  /** Empty in a private chat, which is named after its person. */
  readonly title: string;
  /** Whose private chat it is. */
  readonly personId?: number;
  isForum: boolean;
  /** The supergroup that a basic group has become. */
  migratedTo?: number;
  membership: BotMembership;
  nextMessageId: number;
  /** The people of the chat, its owner first. */
  readonly people: number[];
  readonly topics: Map<number, StoredTopic>;
  readonly messages: Map<number, StoredMessage>;
  /** User id:topic id → the newest message that person has read. */
  readonly reads: Map<string, number>;
}

/** An update that the bot has not confirmed. */
export interface PendingUpdate {
  /** When it happened, Unix time in milliseconds. */
  readonly at: number;
  readonly update: Update;
  /** How often it comes again after it was confirmed. */
  readonly repeats?: number;
}

/** Where updates are posted to. @see https://core.telegram.org/bots/api#setwebhook */
export interface WebhookState {
  readonly url: string;
  readonly secretToken?: string;
  readonly maxConnections: number;
  /** Unix time, seconds. */
  readonly lastErrorDate?: number;
  readonly lastErrorMessage?: string;
}

/** Everything the emulator remembers; plain data, so that it can be written to a file. */
export interface EmulatorState {
  readonly version: 2;
  readonly botToken: string;
  readonly bot: User;
  /** The bot's privacy mode. @see https://core.telegram.org/bots/features#privacy-mode */
  privacy: boolean;
  /** The chat that the emulator began with. */
  forumChatId: number;
  readonly chats: Map<number, ChatState>;
  nextUserId: number;
  nextUpdateId: number;
  allowedUpdates: readonly string[];
  webhook?: WebhookState | undefined;
  readonly users: Map<number, User>;
  /** By their ids. */
  readonly files: Map<string, StoredFile>;
  /** Oldest first. */
  updates: PendingUpdate[];
  /** Scope and language → commands. */
  readonly commands: Map<string, readonly BotCommand[]>;
}

/** A chat, and what it has in common with the others. */
export interface Place {
  readonly state: EmulatorState;
  readonly chat: ChatState;
}

export interface Identity {
  readonly botToken?: string | undefined;
  readonly forumChatId?: string | number | undefined;
  readonly title?: string | undefined;
  readonly privacy?: boolean | undefined;
}

/** A bot, and a forum group of which it is an administrator. */
export function newState(identity: Identity, random: Random, nowMs: number): EmulatorState {
  const botToken = identity.botToken ?? `${between(random, 1_000_000_000, 9_999_999_999)}:${secret(random)}`;
  const botId = Number(botToken.split(':')[0]);
  const chatId = Number(identity.forumChatId ?? newChatId('supergroup', random));
  if (!Number.isSafeInteger(botId)) throw new Error('botToken must look like 123456789:AA…');
  if (!Number.isSafeInteger(chatId)) throw new Error('forumChatId must be a number such as -1001234567890');
  const bot: User = { id: botId, is_bot: true, first_name: 'PocketPing', username: 'pocketping_bot' };
  const forum = newChat(
    { id: chatId, type: 'supergroup', title: identity.title ?? 'Support team', isForum: true },
    bot,
    nowMs,
  );
  forum.membership = { ...forum.membership, status: 'administrator' };
  return {
    version: 2,
    botToken,
    bot,
    privacy: identity.privacy ?? true,
    forumChatId: chatId,
    chats: new Map([[chatId, forum]]),
    nextUserId: between(random, 100_000_000, 900_000_000),
    nextUpdateId: between(random, 100_000_000, 900_000_000),
    allowedUpdates: [],
    users: new Map([[botId, bot]]),
    files: new Map(),
    updates: [],
    commands: new Map(),
  };
}

/** An empty chat of which the bot is a member. */
export function newChat(
  chat: Pick<ChatState, 'id' | 'type' | 'title' | 'personId' | 'isForum'>,
  bot: User,
  nowMs: number,
): ChatState {
  const general: StoredTopic = {
    id: GENERAL,
    name: 'General',
    iconColor: 0x6fb9f0,
    creatorId: bot.id,
    date: Math.floor(nowMs / 1000),
    closed: false,
    deleted: false,
  };
  return {
    ...chat,
    membership: { status: 'member', can_manage_topics: true, can_delete_messages: true },
    // The ids of messages and of topics are one sequence.
    nextMessageId: chat.isForum ? GENERAL + 1 : 1,
    people: chat.personId === undefined ? [] : [chat.personId],
    topics: new Map([[GENERAL, general]]),
    messages: new Map(),
    reads: new Map(),
  };
}

/**
 * Negative for a basic group, `-100…` for a supergroup. A private chat has its person's id.
 * @see https://core.telegram.org/api/bots/ids
 */
export const newChatId = (type: 'group' | 'supergroup', random: Random): number =>
  type === 'group'
    ? -between(random, 100_000_000, 900_000_000)
    : -1_000_000_000_000 - between(random, 1_000_000_000, 3_000_000_000);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** 35 characters, as in a real token. */
const secret = (random: Random): string =>
  `AA${Array.from({ length: 33 }, () => ALPHABET[between(random, 0, ALPHABET.length)]).join('')}`;
