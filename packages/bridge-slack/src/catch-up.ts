import { type BridgeHost, type Inbound, patiently } from '@pocketping/core';
import { type Fields, fieldsOf, textOf } from './content.js';
import type { Hearing } from './hearing.js';
import { PAGE } from './limits.js';
import type { BotSettings } from './settings.js';
import type { Slack } from './slack.js';

export interface CatchingUp {
  readonly slack: Slack;
  readonly settings: BotSettings;
  readonly hearing: Hearing;
  readonly botUserId: string;
  readonly host: BridgeHost;
}

/** The newest conversations that are looked at, in pages of them. */
const PAGES = 10;

/** What was written shortly before may have been edited since, which only shows on the message itself. */
const LOOK_BACK_MS = 10 * 60_000;

/**
 * What people said in our threads since then, one thread after another, oldest first within each: the newest messages of
 * the channel say when somebody last wrote in their threads. Slack lets us read about fifty threads a minute.
 * @see https://docs.slack.dev/messaging/retrieving-messages
 */
export async function* since(
  catching: CatchingUp,
  afterMs: number,
  signal: AbortSignal,
): AsyncGenerator<Inbound | undefined, void, void> {
  const { hearing, settings, host } = catching;
  const from = Math.max(afterMs - LOOK_BACK_MS, 0) / 1000;
  for (const thread of yield* threadsSince(catching, from, signal)) {
    for (const reply of yield* repliesSince(catching, thread, from, signal)) {
      if (!isNews(reply, afterMs / 1000)) continue;
      const message = { ...reply, type: 'message', channel: settings.channelId };
      const inbound = await hearing.read(message, host);
      if (inbound) yield inbound;
    }
  }
}

/** Written since then, or changed since then. Slack says when a message was changed, to the second. */
const isNews = ({ ts, edited }: Fields, after: number): boolean =>
  Number(ts) > after || Number(fieldsOf(edited).ts ?? 0) >= Math.floor(after);

/** The threads of ours in which something was said since then. */
async function* threadsSince(
  { slack, settings, botUserId, host }: CatchingUp,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<undefined, string[], void> {
  const { channelId: channel } = settings;
  const threads: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { messages = [], response_metadata } = yield* patiently(host.clock, signal, () =>
      slack.ask(
        (web) => web.conversations.history({ channel, limit: PAGE, ...(cursor && { cursor }) }),
        signal,
      ),
    );
    for (const { user, subtype, ts, latest_reply } of messages) {
      const isOurs = user === botUserId || subtype === 'tombstone';
      if (isOurs && ts && Number(latest_reply ?? 0) > from) threads.push(ts);
    }
    cursor = response_metadata?.next_cursor || undefined;
    if (!cursor) return threads;
  }
  host.logger.warn(
    { conversations: PAGES * PAGE },
    'Only the newest conversations were looked through for what was said while nobody listened',
  );
  return threads;
}

/** What was said in a thread since then, by anybody. */
async function* repliesSince(
  { slack, settings, host }: CatchingUp,
  ts: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<undefined, Fields[], void> {
  const { channelId: channel } = settings;
  const oldest = from.toFixed(6);
  const replies: Fields[] = [];
  let cursor: string | undefined;
  do {
    const { messages = [], response_metadata } = yield* patiently(host.clock, signal, () =>
      slack.ask(
        (web) => web.conversations.replies({ channel, ts, oldest, limit: PAGE, ...(cursor && { cursor }) }),
        signal,
      ),
    );
    for (const message of messages) {
      const fields = fieldsOf(message);
      if (textOf(fields.ts) !== ts && Number(fields.ts) > from) replies.push(fields);
    }
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor);
  return replies;
}
