import {
  BridgeError,
  type Clock,
  type CommandSummary,
  type Inbound,
  type Instant,
  patiently,
} from '@pocketping/core';
import type { APIChannel, APIMessage, APIThreadChannel, APIThreadList } from 'discord.js';
import type { Discord, Request } from './discord.js';
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
  readonly clock: Clock;
}

/**
 * What people wrote since an instant: in the channel, in its threads, and in those that were archived since; one place
 * after another, oldest first within each. Discord keeps no list of changes: of what was changed, it tells what was
 * written in that time; of what was deleted, nothing.
 * @throws BridgeError
 */
export async function* saidSince(
  ground: Ground,
  after: Instant,
  signal: AbortSignal,
): AsyncGenerator<Inbound | undefined, void, undefined> {
  const cursor = snowflakeOf(after);
  const places: [id: string, place: Place][] = [];
  const { channelId } = ground;
  const channel = yield* read<APIChannel>(ground, { path: `/channels/${channelId}`, at: 'channel' }, signal);
  if (isNewer('last_message_id' in channel ? channel.last_message_id : null, cursor)) {
    places.push([channelId, 'channel']);
  }
  if (ground.threads && 'guild_id' in channel && channel.guild_id !== undefined) {
    for (const thread of yield* threadsSince(ground, channel.guild_id, after, signal)) {
      if (isNewer(thread.last_message_id, cursor)) places.push([thread.id, { threadId: thread.id }]);
    }
  }
  for (const [id, place] of places) {
    for (const message of yield* messagesAfter(ground, id, cursor, signal)) {
      const inbound = parse(message, false, place, ground.hearing, ground.commands);
      if (inbound) yield inbound;
    }
  }
}

/** Hundreds of threads take hundreds of requests; a limit on the way is waited for. */
const read = <T>({ discord, clock }: Ground, request: Omit<Request, 'method'>, signal: AbortSignal) =>
  patiently(clock, signal, () => discord.ask<T>({ method: 'GET', ...request }, signal));

const isNewer = (id: string | null | undefined, cursor: bigint): boolean =>
  id !== null && id !== undefined && BigInt(id) > cursor;

/** The last id before an instant. @see https://discord.com/developers/docs/reference#snowflake-ids-in-pagination */
const snowflakeOf = (at: Instant): bigint => (BigInt(Math.max(1, Math.floor(at) - EPOCH_MS)) << 22n) - 1n;

/** The first second of 2015. @see https://discord.com/developers/docs/reference#snowflakes */
const EPOCH_MS = 1_420_070_400_000;

/** The active threads, and those that were archived since. @see https://discord.com/developers/docs/topics/threads#enumerating-threads */
async function* threadsSince(
  ground: Ground,
  guildId: string,
  after: Instant,
  signal: AbortSignal,
): AsyncGenerator<undefined, APIThreadChannel[], void> {
  const { channelId } = ground;
  const active = yield* read<APIThreadList>(
    ground,
    { path: `/guilds/${guildId}/threads/active`, at: 'channel' },
    signal,
  );
  const found = (active.threads as APIThreadChannel[]).filter(({ parent_id }) => parent_id === channelId);
  let before: string | undefined;
  for (let more = true; more; ) {
    const page = yield* read<APIThreadList & { has_more?: boolean }>(
      ground,
      {
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
}

const archivedAt = ({ thread_metadata }: APIThreadChannel): Instant =>
  Date.parse(thread_metadata?.archive_timestamp ?? '');

/** Oldest first; none where the place was deleted in the meantime. */
async function* messagesAfter(
  ground: Ground,
  id: string,
  cursor: bigint,
  signal: AbortSignal,
): AsyncGenerator<undefined, APIMessage[], void> {
  const { threads, channelId } = ground;
  const at = threads && id !== channelId ? 'thread' : 'channel';
  const all: APIMessage[] = [];
  for (let after = cursor; ; ) {
    const query = { limit: String(PAGE_LENGTH), after: String(after) };
    let page: APIMessage[];
    try {
      page = yield* read<APIMessage[]>(ground, { path: `/channels/${id}/messages`, query, at }, signal);
    } catch (error) {
      if (BridgeError.isInstance(error) && error.code === 'thread_gone') return [];
      throw error;
    }
    all.push(...page.sort(byAge));
    if (page.length < PAGE_LENGTH) return all;
    after = BigInt(page.at(-1)?.id ?? after);
  }
}

const byAge = (left: APIMessage, right: APIMessage): number => (BigInt(left.id) < BigInt(right.id) ? -1 : 1);
