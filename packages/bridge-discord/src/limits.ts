import type { Pacing } from '@pocketping/core';

/** What Discord documents of its limits, and where. */

/** Characters of a message. @see https://discord.com/developers/docs/resources/message#create-message */
export const MESSAGE_LENGTH = 2000;

/**
 * Bytes of a file, on a server without boosts. What Discord takes in truth it tells when it refuses one.
 * @see https://discord.com/developers/docs/reference#uploading-files
 */
export const FILE_BYTES = 20 * 1024 * 1024;

/** Characters of a thread's name. @see https://discord.com/developers/docs/resources/channel#start-thread-without-message */
export const THREAD_NAME_LENGTH = 100;

/** Characters of a nonce. @see https://discord.com/developers/docs/resources/message#create-message */
export const NONCE_LENGTH = 25;

/** Messages that one page of a list has. @see https://discord.com/developers/docs/resources/message#get-channel-messages */
export const PAGE_LENGTH = 100;

/** Minutes after which Discord hides a quiet thread: the longest it knows, a week. @see https://discord.com/developers/docs/resources/channel#channel-object-channel-structure */
export const AUTO_ARCHIVE_MINUTES = 10_080;

/**
 * Requests that Discord refuses with 401, 403 or 429 before it bans an address for a while, and in which time.
 * @see https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
export const INVALID_REQUESTS = { banned: 10_000, perMs: 600_000 } as const;

/** We stop long before, for other bots may share the address. */
export const INVALID_REQUESTS_ALLOWED = 1000;

/** All requests of a bot. @see https://discord.com/developers/docs/topics/rate-limits#global-rate-limit */
const BOT = { calls: 50, perMs: 1000 };

/**
 * Messages in one channel or thread. Discord does not document it ("rate limits should not be hard coded"): it is what
 * its headers say, where we begin. The headers have the last word.
 * @see https://discord.com/developers/docs/topics/rate-limits#header-format
 */
const PLACE = { calls: 5, perMs: 5000 };

export const pacingOf = (kind: 'threads' | 'shared' | 'webhook'): Pacing =>
  kind === 'threads' ? { thread: PLACE, bot: BOT } : { chat: PLACE, bot: BOT };
