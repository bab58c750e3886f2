import {
  BridgeError,
  type BridgeHost,
  type Call,
  type MessageRef,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { shortened } from '@pocketping/core/rendering';
import { parentOf } from './card.js';
import type { Me } from './check.js';
import { isRefusal } from './errors.js';
import { insteadOf } from './files.js';
import { MESSAGE_LENGTH } from './limits.js';
import { escapeMarkup, toPart } from './markup.js';
import type { BotSettings } from './settings.js';
import type { Slack } from './slack.js';
import { beginning, inThread, Traces } from './traces.js';
import { transfer } from './transfer.js';
import { isNotTaken, type Share, Uploads } from './uploads.js';
import { known, type Words, withoutFormatting, wordsOf } from './words.js';

/** What the bridge does in its channel: a message for each conversation, and the rest in its thread. */
export class Channel {
  readonly #settings: BotSettings;
  readonly #slack: Slack;
  readonly #traces: Traces;
  readonly #uploads: Uploads;
  /** Sessions whose thread may have been begun without our learning of it. */
  readonly #inDoubt = new Set<string>();
  /** A post for a thread may stand in the channel itself. Of what an earlier process left, nothing is known. */
  #mayHaveStrays = true;
  #logger: BridgeHost['logger'] | undefined;

  /** @param who the bot itself */
  constructor(settings: BotSettings, slack: Slack, who: () => Promise<Me>) {
    this.#settings = settings;
    this.#slack = slack;
    this.#traces = new Traces(settings.channelId, slack, who);
    this.#uploads = new Uploads(settings.channelId, slack, transfer(settings));
  }

  logTo(logger: BridgeHost['logger']): void {
    this.#logger = logger;
  }

  /** Begins a thread. One whose beginning was left in doubt is looked for first. */
  async open(card: SessionCard, { signal }: Call): Promise<ThreadRef> {
    const { channelId: channel } = this.#settings;
    const { sessionId } = card;
    const found = await this.#begunBefore(sessionId, signal);
    if (found) return found;
    const { text, blocks } = parentOf(card, this.#settings);
    try {
      const { ts } = await this.#slack.act(
        (web) =>
          web.chat.postMessage({
            channel,
            text: escapeMarkup(text),
            blocks: known(blocks),
            metadata: beginning(sessionId),
            ...QUIET,
          }),
        signal,
      );
      this.#inDoubt.delete(sessionId);
      return { chatId: channel, threadId: ts as string };
    } catch (error) {
      if (isCode(error, 'uncertain')) this.#doubt(sessionId);
      throw error;
    }
  }

  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    const { nonce, plain, signal, open } = call;
    const { file } = part;
    if (!file || !open) return this.#send(thread, wordsOf(part, plain), signal, inThread(nonce));
    checkThread(thread);
    try {
      const { blocks = withoutFormatting(part.plain) } = wordsOf(part, plain);
      const share = await this.#uploads.share(thread, file, blocks, { ...call, open });
      return await this.#inPlace(thread, share, signal);
    } catch (error) {
      if (!isNotTaken(error)) throw error;
      const words = wordsOf(insteadOf(part, file), plain);
      return this.#send(thread, words, signal, inThread(nonce));
    }
  }

  /** In the thread, or where there is none, in one that begins with what is answered. */
  async answer(to: MessageRef, text: string, { signal }: Call): Promise<void> {
    const part = toPart([{ text: shortened(text, MESSAGE_LENGTH) }]);
    await this.#send(
      { chatId: to.chatId, threadId: to.threadId ?? to.platformId },
      wordsOf(part, false),
      signal,
    );
  }

  async edit(
    { chatId: channel, platformId: ts }: MessageRef,
    part: Part,
    plain: boolean,
    signal: AbortSignal,
  ) {
    const { text, blocks = withoutFormatting(part.plain) } = wordsOf(part, plain);
    await this.#slack.act((web) => web.chat.update({ channel, ts, text, blocks, ...AS_IT_STANDS }), signal);
  }

  /** A file stays at Slack when the message that shows it is deleted, so it is deleted, too. */
  async remove(posted: MessageRef, signal: AbortSignal): Promise<void> {
    const { chatId: channel, platformId: ts } = posted;
    const files = await this.#traces.filesOf(posted, signal);
    for (const file of files) {
      await this.#slack.act((web) => web.files.delete({ file }), signal).catch(unlessGone);
    }
    // A message that showed nothing but a file may have gone with it.
    const deleting = this.#slack.act((web) => web.chat.delete({ channel, ts }), signal);
    await (files.length > 0 ? deleting.catch(unlessGone) : deleting);
  }

  /** The first message of a thread says who the visitor is. */
  rename({ chatId: channel, threadId: ts }: ThreadRef, card: SessionCard, { signal }: Call): Promise<void> {
    const { text, blocks } = parentOf(card, this.#settings);
    return onParent(
      this.#slack.act(
        (web) =>
          web.chat.update({ channel, ts, text: escapeMarkup(text), blocks: known(blocks), ...AS_IT_STANDS }),
        signal,
      ),
    );
  }

  /** The first message of a thread shows a lock. */
  close(thread: ThreadRef, { signal }: Call): Promise<void> {
    return onParent(this.react({ ...thread, platformId: thread.threadId }, LOCK, true, signal));
  }

  reopen(thread: ThreadRef, { signal }: Call): Promise<void> {
    return onParent(this.react({ ...thread, platformId: thread.threadId }, LOCK, false, signal));
  }

  /** Harmless when nothing would change. */
  async react(
    { chatId: channel, platformId: timestamp }: MessageRef,
    name: string,
    on: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#slack.act(
        (web) => web.reactions[on ? 'add' : 'remove']({ channel, timestamp, name }),
        signal,
      );
    } catch (error) {
      if (!isRefusal(error, 'already_reacted', 'no_reaction')) throw error;
    }
  }

  /** The post that carries a nonce, if there is one. */
  async posted(thread: ThreadRef, nonce: string, signal: AbortSignal): Promise<PostedRef | null> {
    const share = await this.#uploads.shared(thread, nonce, signal);
    if (share) return this.#inPlace(thread, share, signal);
    return this.#traces.posted(thread, nonce, signal);
  }

  /** A file for a thread whose first message is gone stands in the channel itself, like any reply. */
  async #inPlace(thread: ThreadRef, { ts, threadTs }: Share, signal: AbortSignal): Promise<PostedRef> {
    if (threadTs !== undefined) return { ...thread, platformId: ts };
    return this.#astray(ts, signal);
  }

  /**
   * Slack refuses no reply to a thread whose first message is gone: it posts it in the channel itself, and only the answer
   * tells. Such a post is taken back: at once, or where the answer or that call fails, before the next thread begins.
   * @see https://github.com/slack-go/slack/issues/1571
   */
  async #send(
    { chatId: channel, threadId: thread_ts }: ThreadRef,
    words: Words,
    signal: AbortSignal,
    metadata?: ReturnType<typeof inThread>,
  ): Promise<PostedRef> {
    checkThread({ threadId: thread_ts });
    let ts: string;
    try {
      const answer = await this.#slack.act(
        (web) =>
          web.chat.postMessage({ channel, thread_ts, ...words, ...(metadata && { metadata }), ...QUIET }),
        signal,
      );
      ts = answer.ts as string;
      if (answer.message?.thread_ts !== undefined)
        return { chatId: channel, threadId: thread_ts, platformId: ts };
    } catch (error) {
      if (isCode(error, 'uncertain')) this.#mayHaveStrays = true;
      throw error;
    }
    return this.#astray(ts, signal);
  }

  async #astray(ts: string, signal: AbortSignal): Promise<never> {
    const { channelId: channel } = this.#settings;
    await this.#takeBack(ts, signal).catch((err: unknown) => {
      this.#mayHaveStrays = true;
      this.#logger?.warn({ err, channel, ts }, STAYS);
    });
    throw threadGone('The message with which the Slack thread began was deleted.');
  }

  /** What Slack does not let us delete stays: it must not keep the next thread from beginning. */
  async #takeBack(ts: string, signal: AbortSignal): Promise<void> {
    const { channelId: channel } = this.#settings;
    try {
      await this.#slack.act((web) => web.chat.delete({ channel, ts }), signal);
    } catch (error) {
      if (isCode(error, 'message_gone')) return;
      if (!isCode(error, 'invalid')) throw error;
      this.#logger?.warn({ err: error, channel, ts }, STAYS);
    }
  }

  /** Where a thread takes the place of one that is gone, what was posted for that one may stand in the channel. */
  async #begunBefore(sessionId: string, signal: AbortSignal): Promise<ThreadRef | undefined> {
    const isInDoubt = this.#inDoubt.has(sessionId);
    if (!isInDoubt && !this.#mayHaveStrays) return undefined;
    this.#mayHaveStrays = false;
    try {
      const { begun, astray } = await this.#traces.inChannel(sessionId, signal);
      for (const ts of astray) await this.#takeBack(ts, signal);
      this.#inDoubt.delete(sessionId);
      return isInDoubt && begun ? { chatId: this.#settings.channelId, threadId: begun } : undefined;
    } catch (error) {
      this.#mayHaveStrays = true;
      throw error;
    }
  }

  #doubt(sessionId: string): void {
    const [oldest] = this.#inDoubt;
    if (this.#inDoubt.size >= MOST_IN_DOUBT && oldest !== undefined) this.#inDoubt.delete(oldest);
    this.#inDoubt.add(sessionId);
  }
}

const STAYS = 'A post for a Slack thread that is gone stays in the channel';

/** The sign of a closed conversation. */
const LOCK = 'lock';

const MOST_IN_DOUBT = 1000;

/**
 * No names, channels or addresses are looked for in the text. An update has to say so again: unless told, it is read as if
 * a person had typed it.
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
const AS_IT_STANDS = { link_names: false, parse: 'none' } as const;

/** Nothing in a post is looked up, named or shown in preview. */
const QUIET = { ...AS_IT_STANDS, unfurl_links: false, unfurl_media: false, mrkdwn: false } as const;

/** Where a thread's first message is gone, so is the thread. */
const onParent = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!isCode(error, 'message_gone')) throw error;
    throw threadGone('The message with which the Slack thread began was deleted.');
  }
};

const isCode = (error: unknown, code: BridgeError['code']): boolean =>
  BridgeError.isInstance(error) && error.code === code;

const threadGone = (message: string): BridgeError => new BridgeError('thread_gone', message);

/** With any other id a reply would go to the channel itself. */
const TS = /^\d{1,11}\.\d{6}$/;

const checkThread = ({ threadId }: Pick<ThreadRef, 'threadId'>): void => {
  if (!TS.test(threadId)) throw threadGone(`"${threadId}" is not the id of a Slack thread.`);
};

const unlessGone = (error: unknown): void => {
  if (!isCode(error, 'message_gone')) throw error;
};
