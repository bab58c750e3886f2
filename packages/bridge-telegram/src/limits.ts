import type { Pacing } from '@pocketping/core';

/** What Telegram documents of its limits, and where. */

/** Characters in a message, after its entities were parsed. @see https://core.telegram.org/bots/api#sendmessage */
export const MESSAGE_LENGTH = 4096;

/** Characters in a file's caption, after its entities were parsed. @see https://core.telegram.org/bots/api#senddocument */
export const CAPTION_LENGTH = 1024;

/** Bytes of a file that a bot may send. @see https://core.telegram.org/bots/api#sending-files */
export const FILE_BYTES = 50 * 1024 * 1024;

/** Bytes of a photo. @see https://core.telegram.org/bots/api#sendphoto */
export const PHOTO_BYTES = 10 * 1024 * 1024;

/** Megabytes of a file that Telegram hands to a bot. @see https://core.telegram.org/bots/api#getfile */
export const DOWNLOAD_MEGABYTES = 20;

/** Characters in a topic's name. @see https://core.telegram.org/bots/api#createforumtopic */
export const TOPIC_NAME_LENGTH = 128;

/** The colours that a topic's icon can have. @see https://core.telegram.org/bots/api#createforumtopic */
export const TOPIC_ICON_COLORS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f] as const;

/**
 * Messages that a group takes from a bot. All topics of a forum are one group.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
const GROUP = { calls: 20, perMs: 60_000 };

/**
 * Messages that one person's chat takes: one a second, and a short burst passes.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
const PRIVATE = { calls: 3, perMs: 3000 };

/**
 * Messages of a bot, over all its chats.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
const BOT = { calls: 30, perMs: 1000 };

/** What one of a bot's chats may use; an equal share of what the bot has. */
export const pacingOf = (chat: 'group' | 'private', chats: number): Pacing => ({
  chat: chat === 'group' ? GROUP : PRIVATE,
  bot: { ...BOT, calls: Math.max(1, Math.floor(BOT.calls / chats)) },
});

/** Hours after which a bot without the right "Delete Messages" deletes no more. @see https://core.telegram.org/bots/api#deletemessage */
export const DELETABLE_HOURS = 48;

/** Hours for which updates are kept for a bot. @see https://core.telegram.org/bots/api#getting-updates */
export const UPDATES_KEPT_HOURS = 24;

/** Seconds for which a poll is held at most. The documentation names no limit; the server's is 50. @see https://github.com/tdlib/telegram-bot-api */
export const LONGEST_POLL_SECONDS = 50;

/** The commands that a menu takes. @see https://core.telegram.org/bots/api#setmycommands */
export const MENU = { commands: 100, summaryLength: 256, name: /^[a-z0-9_]{1,32}$/ } as const;

/** What the parameter of a link to a bot may be. @see https://core.telegram.org/bots/features#deep-linking */
export const START_PARAMETER = /^[A-Za-z0-9_-]{1,64}$/;

/** What a webhook's secret may be. @see https://core.telegram.org/bots/api#setwebhook */
export const SECRET_TOKEN = /^[A-Za-z0-9_-]{1,256}$/;

/** The ports to which Telegram's own servers deliver. @see https://core.telegram.org/bots/api#setwebhook */
export const WEBHOOK_PORTS: readonly number[] = [443, 80, 88, 8443];
