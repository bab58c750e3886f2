import { BridgeError, type CommandSummary, type Inbound, type Instant } from '@pocketping/core';
import type { APIChannel, APIMessage, APIThreadChannel, APIThreadList } from 'discord.js';
import type { Discord } from './discord.js';
import { PAGE_LENGTH } from './limits.js';
import { type Hearing, type Place, parse } from './parse.js';

/** Where to look for what was missed. */
export interface Ground {
  readonly discord: Discord;
  readonly channelId: string;
  readonly threads: boolean;
  readonly hearing: Hearing;
  /** Everything that the team can type. */
  readonly commands: readonly CommandSummary[];
}

/**
 * What people wrote since an instant, oldest first: in the channel, in its threads, and in those that were archived
 * since. Discord keeps no list of changes: of what was changed, it tells what was written in that time; of what was
 * deleted, nothing.
 * @throws BridgeError
 */
export async function* saidSince(
  ground: Ground,
  after: Instant,
  signal: AbortSignal,
): AsyncGenerator<Inbound, void, undefined> {
  const cursor = snowflakeOf(after);
  const places: [id: string, place: Place][] = [];
  const channel = await channelOf(ground, signal);
  if (isNewer('last_message_id' in channel ? channel.last_message_id : null, cursor)) {
    places.push([ground.channelId, 'channel']);
  }
  if (ground.threads && 'guild_id' in channel && channel.guild_id !== undefined) {
    for (const thread of await threadsSince(ground, channel.guild_id, after, signal)) {
      if (isNewer(thread.last_message_id, cursor)) places.push([thread.id, { threadId: thread.id }]);
    }
  }
  const said: [message: APIMessage, place: Place][] = [];
  for (const [id, place] of places) {
    const messages = await messagesAfter(ground, id, cursor, signal).catch((error: unknown) => {
      // It was deleted in the meantime.
      if (BridgeError.isInstance(error) && error.code === 'thread_gone') return [];
      throw error;
    });
    for (const message of messages) said.push([message, place]);
  }
  said.sort(([left], [right]) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1));
  for (const [message, place] of said) {
    const inbound = parse(message, false, place, ground.hearing, ground.commands);
    if (inbound) yield inbound;
  }
}

const isNewer = (id: string | null | undefined, cursor: bigint): boolean =>
  id !== null && id !== undefined && BigInt(id) > cursor;

/** The last id before an instant. @see https://discord.com/developers/docs/reference#snowflake-ids-in-pagination */
const snowflakeOf = (at: Instant): bigint => (BigInt(Math.max(1, Math.floor(at) - EPOCH_MS)) << 22n) - 1n;

/** The first second of 2015. @see https://discord.com/developers/docs/reference#snowflakes */
const EPOCH_MS = 1_420_070_400_000;

const channelOf = ({ discord, channelId }: Ground, signal: AbortSignal): Promise<APIChannel> =>
  discord.ask({ method: 'GET', path: `/channels/${channelId}`, at: 'channel' }, signal);

/** The active threads, and those that were archived since. @see https://discord.com/developers/docs/topics/threads#enumerating-threads */
const threadsSince = async (
  { discord, channelId }: Ground,
  guildId: string,
  after: Instant,
  signal: AbortSignal,
): Promise<APIThreadChannel[]> => {
  const active = await discord.ask<APIThreadList>(
    { method: 'GET', path: `/guilds/${guildId}/threads/active`, at: 'channel' },
    signal,
  );
  const found = (active.threads as APIThreadChannel[]).filter(({ parent_id }) => parent_id === channelId);
  let before: string | undefined;
  for (let more = true; more; ) {
    const page = await discord.ask<APIThreadList & { has_more?: boolean }>(
      {
        method: 'GET',
        path: `/channels/${channelId}/threads/archived/public`,
        query: { limit: String(PAGE_LENGTH), ...(before !== undefined && { before }) },
        at: 'channel',
      },
      signal,
    );
    const threads = page.threads as APIThreadChannel[];
    const recent = threads.filter((thread) => archivedAt(thread) >= after);
    found.push(...recent);
    // Newest first: what follows an old one is older still.
    more = page.has_more === true && recent.length === threads.length;
    before = threads.at(-1)?.thread_metadata?.archive_timestamp;
  }
  return found;
};

const archivedAt = ({ thread_metadata }: APIThreadChannel): Instant =>
  Date.parse(thread_metadata?.archive_timestamp ?? '');

const messagesAfter = async (
  { discord, threads, channelId }: Ground,
  id: string,
  cursor: bigint,
  signal: AbortSignal,
): Promise<APIMessage[]> => {
  const all: APIMessage[] = [];
  for (let after = cursor; ; ) {
    const page = await discord.ask<APIMessage[]>(
      {
        method: 'GET',
        path: `/channels/${id}/messages`,
        query: { limit: String(PAGE_LENGTH), after: String(after) },
        at: threads && id !== channelId ? 'thread' : 'channel',
      },
      signal,
    );
    all.push(...page);
    if (page.length < PAGE_LENGTH) return all;
    after = page.reduce(
      (newest, message) => (BigInt(message.id) > newest ? BigInt(message.id) : newest),
      after,
    );
  }
};
