import { BridgeError, type BridgeHost, type Inbound } from '@pocketping/core';
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
 * What people said in our threads since then, oldest first: the newest messages of the channel say when somebody last
 * wrote in their threads.
 * @see https://docs.slack.dev/messaging/retrieving-messages
 */
export async function* since(
  catching: CatchingUp,
  afterMs: number,
  signal: AbortSignal,
): AsyncGenerator<Inbound, void, void> {
  const { hearing, settings, host } = catching;
  const from = Math.max(afterMs - LOOK_BACK_MS, 0) / 1000;
  const found: Fields[] = [];
  for await (const parent of threadsSince(catching, from, signal)) {
    for await (const reply of repliesSince(catching, parent, from, signal)) {
      if (isNews(reply, afterMs / 1000)) found.push(reply);
    }
  }
  found.sort((left, right) => Number(left.ts) - Number(right.ts));
  for (const message of found) {
    const inbound = await hearing.read({ ...message, type: 'message', channel: settings.channelId }, host);
    if (inbound) yield inbound;
  }
}

/** Written since then, or changed since then. Slack says when a message was changed, to the second. */
const isNews = ({ ts, edited }: Fields, after: number): boolean =>
  Number(ts) > after || Number(fieldsOf(edited).ts ?? 0) >= Math.floor(after);

/** The threads of ours in which something was said since then. */
async function* threadsSince(
  catching: CatchingUp,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { channelId: channel } = catching.settings;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { messages = [], response_metadata } = await patiently(catching, signal, (slack) =>
      slack.ask(
        (web) => web.conversations.history({ channel, limit: PAGE, ...(cursor && { cursor }) }),
        signal,
      ),
    );
    for (const message of messages) {
      const isOurs = message.user === catching.botUserId || message.subtype === 'tombstone';
      if (isOurs && message.ts && Number(message.latest_reply ?? 0) > from) yield message.ts;
    }
    cursor = response_metadata?.next_cursor || undefined;
    if (!cursor) return;
  }
  catching.host.logger.warn(
    { conversations: PAGES * PAGE },
    'Only the newest conversations were looked through for what was said while nobody listened',
  );
}

async function* repliesSince(
  catching: CatchingUp,
  ts: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Fields> {
  const { channelId: channel } = catching.settings;
  const oldest = from.toFixed(6);
  let cursor: string | undefined;
  do {
    const { messages = [], response_metadata } = await patiently(catching, signal, (slack) =>
      slack.ask(
        (web) => web.conversations.replies({ channel, ts, oldest, limit: PAGE, ...(cursor && { cursor }) }),
        signal,
      ),
    );
    for (const message of messages) {
      const fields = fieldsOf(message);
      if (textOf(fields.ts) !== ts && Number(fields.ts) > from) yield fields;
    }
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor);
}

/** Beginning anew would meet the same limit again, so it is waited for here. */
const patiently = async <T>(
  { slack, host }: CatchingUp,
  signal: AbortSignal,
  call: (slack: Slack) => Promise<T>,
): Promise<T> => {
  for (;;) {
    try {
      return await call(slack);
    } catch (error) {
      if (!BridgeError.isInstance(error) || error.code !== 'rate_limited' || signal.aborted) throw error;
      await host.clock.sleep(error.retryAfterMs ?? 1000, signal);
      if (signal.aborted) throw error;
    }
  }
};
