import { BridgeError, type MessageRef, type PostedRef, type ThreadRef } from '@pocketping/core';
import type { Me } from './check.js';
import { PAGE } from './limits.js';
import type { Slack } from './slack.js';

/** What a post of ours carries for whoever looks for it later. @see https://docs.slack.dev/messaging/message-metadata */
const POST = 'pocketping_post';
const SESSION = 'pocketping_session';

/** What is posted in a conversation's thread. */
export const inThread = (nonce: string) => ({ event_type: POST, event_payload: { nonce } });

/** What a conversation's thread begins with. */
export const beginning = (session: string) => ({ event_type: SESSION, event_payload: { session } });

/**
 * Blocks of a post that shows a file, which cannot have metadata: its first block is named after the nonce.
 * @see https://docs.slack.dev/reference/methods/files.completeUploadExternal
 */
export const traced = (blocks: readonly object[], nonce: string): object[] =>
  blocks.map((block, at) => (at === 0 ? { ...block, block_id: blockIdOf(nonce) } : block));

const blockIdOf = (nonce: string): string => `${POST} ${nonce}`;

/** What the bot left in its channel, and of which it may not have learned. */
export class Traces {
  readonly #channel: string;
  readonly #slack: Slack;
  readonly #who: () => Promise<Me>;

  /** @param who the bot itself */
  constructor(channelId: string, slack: Slack, who: () => Promise<Me>) {
    this.#channel = channelId;
    this.#slack = slack;
    this.#who = who;
  }

  /** The post in a thread that carries a nonce, if there is one. */
  async posted({ threadId: ts }: ThreadRef, nonce: string, signal: AbortSignal): Promise<PostedRef | null> {
    const channel = this.#channel;
    const { userId } = await this.#who();
    let cursor: string | undefined;
    do {
      const page = await this.#slack.ask(
        (web) =>
          web.conversations.replies({
            channel,
            ts,
            include_all_metadata: true,
            limit: PAGE,
            ...(cursor && { cursor }),
          }),
        signal,
      );
      const found = page.messages?.find(
        (message) =>
          (isOurs(message, POST, userId) && payloadOf(message).nonce === nonce) ||
          (message.user === userId && message.blocks?.[0]?.block_id === blockIdOf(nonce)),
      );
      if (found?.ts) return { chatId: channel, threadId: ts, platformId: found.ts };
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    return null;
  }

  /** The files that a post of the bot's own shows. */
  async filesOf(posted: MessageRef, signal: AbortSignal): Promise<string[]> {
    const { platformId: ts, threadId } = posted;
    if (threadId === undefined) return [];
    const at = { channel: this.#channel, ts: threadId, oldest: ts, latest: ts, inclusive: true, limit: 2 };
    const { userId } = await this.#who();
    const { messages = [] } = await this.#slack
      .ask((web) => web.conversations.replies(at), signal)
      .catch((error: unknown) => {
        if (isGone(error)) return { messages: [] };
        throw error;
      });
    const message = messages.find((each) => each.ts === ts && each.user === userId);
    return (message?.files ?? []).flatMap(({ id }) => id ?? []);
  }

  /** Among the newest messages of the channel itself: where a conversation began, and what should stand in a thread. */
  async inChannel(
    sessionId: string,
    signal: AbortSignal,
  ): Promise<{ readonly begun: string | undefined; readonly astray: readonly string[] }> {
    const { userId } = await this.#who();
    const { messages = [] } = await this.#slack.ask(
      (web) => web.conversations.history({ channel: this.#channel, include_all_metadata: true, limit: PAGE }),
      signal,
    );
    const begun = messages.find(
      (message) => isOurs(message, SESSION, userId) && payloadOf(message).session === sessionId,
    );
    const astray = messages.flatMap((message) => (isOurs(message, POST, userId) && message.ts) || []);
    return { begun: begun?.ts, astray };
  }
}

const isGone = (error: unknown): boolean =>
  BridgeError.isInstance(error) && (error.code === 'thread_gone' || error.code === 'message_gone');

/** Metadata is anybody's to write; only what the bot itself wrote counts. */
const isOurs = (
  message: { user?: string; metadata?: { event_type?: string } },
  type: string,
  botUserId: string,
): boolean => message.user === botUserId && message.metadata?.event_type === type;

const payloadOf = ({
  metadata,
}: {
  metadata?: { event_payload?: object };
}): Readonly<Record<string, unknown>> => ({
  ...metadata?.event_payload,
});
