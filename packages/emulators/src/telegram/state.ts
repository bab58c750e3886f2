import { randomBytes, randomInt } from 'node:crypto';
import type { FormattedText } from './entities.js';
import type { BotCommand, PhotoSize, Update, User } from './types.js';

/** The topic that every forum has and nobody creates. Bots do not see its id in messages. */
export const GENERAL = 1;

export type Content =
  | ({ readonly type: 'text'; readonly linkPreview?: unknown } & FormattedText)
  | ({ readonly type: 'photo'; readonly photo: readonly PhotoSize[] } & FormattedText)
  | {
      readonly type: 'topic_created';
      readonly name: string;
      readonly iconColor: number;
      readonly iconCustomEmojiId?: string;
    }
  | { readonly type: 'topic_edited'; readonly name?: string; readonly iconCustomEmojiId?: string }
  | { readonly type: 'topic_closed' }
  | { readonly type: 'topic_reopened' };

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
}

/** What the bot may do in the group. @see https://core.telegram.org/bots/api#chatmemberadministrator */
export interface BotMembership {
  readonly status: 'administrator' | 'kicked';
  readonly can_manage_topics: boolean;
  readonly can_delete_messages: boolean;
}

/** Everything the emulator remembers; plain data, so that it can be written to a file. */
export interface EmulatorState {
  readonly version: 1;
  readonly botToken: string;
  readonly chat: { readonly id: number; readonly title: string };
  readonly bot: User;
  membership: BotMembership;
  nextMessageId: number;
  nextUserId: number;
  nextUpdateId: number;
  allowedUpdates: readonly string[];
  readonly users: Map<number, User>;
  readonly topics: Map<number, StoredTopic>;
  readonly messages: Map<number, StoredMessage>;
  /** Not confirmed yet, oldest first; `at` is when it happened, Unix time in milliseconds. */
  updates: { readonly at: number; readonly update: Update }[];
  /** Scope and language → commands. */
  readonly commands: Map<string, readonly BotCommand[]>;
  /** User id:topic id → the newest message that person has read. */
  readonly reads: Map<string, number>;
}

export interface Identity {
  readonly botToken?: string | undefined;
  readonly forumChatId?: string | number | undefined;
  readonly title?: string | undefined;
}

/** A forum group with its General topic and a bot that is its administrator. */
export function newState(identity: Identity, nowMs: number): EmulatorState {
  const botToken = identity.botToken ?? `${randomInt(1_000_000_000, 9_999_999_999)}:${secret()}`;
  const botId = Number(botToken.split(':')[0]);
  const chatId = Number(identity.forumChatId ?? -1_000_000_000_000 - randomInt(1_000_000_000, 3_000_000_000));
  if (!Number.isSafeInteger(botId)) throw new Error('botToken must look like 123456789:AA…');
  if (!Number.isSafeInteger(chatId)) throw new Error('forumChatId must be a number such as -1001234567890');
  const bot: User = { id: botId, is_bot: true, first_name: 'PocketPing', username: 'pocketping_bot' };
  const general: StoredTopic = {
    id: GENERAL,
    name: 'General',
    iconColor: 0x6fb9f0,
    creatorId: botId,
    date: Math.floor(nowMs / 1000),
    closed: false,
    deleted: false,
  };
  return {
    version: 1,
    botToken,
    chat: { id: chatId, title: identity.title ?? 'Support team' },
    bot,
    membership: { status: 'administrator', can_manage_topics: true, can_delete_messages: true },
    nextMessageId: 2,
    nextUserId: randomInt(100_000_000, 900_000_000),
    nextUpdateId: randomInt(100_000_000, 900_000_000),
    allowedUpdates: [],
    users: new Map([[botId, bot]]),
    topics: new Map([[GENERAL, general]]),
    messages: new Map(),
    updates: [],
    commands: new Map(),
    reads: new Map(),
  };
}

/** 35 characters, as in a real token. */
const secret = () => `AA${randomBytes(25).toString('base64url').slice(0, 33)}`;
