import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Call,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { listener } from './listener.js';
import { TELEGRAM_LENGTH } from './markup.js';
import { type Settings, settingsFrom, type TelegramBridgeOptions } from './options.js';
import { PACING } from './pacing.js';
import { poll } from './poll.js';
import { render } from './render.js';
import { setUp } from './setup.js';
import { type Telegram, telegram } from './telegram.js';
import { iconColorOf, shortened, titleOf } from './title.js';

/**
 * PocketPing in a Telegram supergroup with topics: a topic for each conversation, and what the team types in a topic
 * goes to its visitor.
 *
 * @example
 * new TelegramBridge({ botToken: '123456789:AAE…', forumChatId: '-1001234567890' })
 * @see https://core.telegram.org/bots/api
 */
export class TelegramBridge implements Bridge {
  readonly name: string;
  readonly commandPrefix = '/';
  readonly gestures = [
    { name: 'delete', summary: 'Reply with it to your message, and it is deleted for the visitor' },
  ];
  readonly pacing: Pacing = PACING;
  readonly #settings: Settings;
  readonly #telegram: Telegram;
  #running: { readonly stop: AbortController; readonly ended: Promise<unknown> } | undefined;

  /** @throws BridgeError `misconfigured` for options that cannot work, saying what to change */
  constructor(options: TelegramBridgeOptions) {
    this.#settings = settingsFrom(options);
    this.#telegram = telegram(this.#settings);
    this.name = this.#settings.name;
  }

  async start(host: BridgeHost): Promise<void> {
    await this.stop();
    const stop = new AbortController();
    const ready = setUp(this.#telegram, this.#settings.forumChatId, host, stop.signal);
    const running = { stop, ended: ready.catch(() => undefined) as Promise<unknown> };
    this.#running = running;
    const bot = await ready;
    if (stop.signal.aborted) throw new BridgeError('unavailable', 'The bridge was stopped while it started.');
    running.ended = poll({
      telegram: this.#telegram,
      host,
      timeoutSeconds: this.#settings.pollTimeoutSeconds,
      take: listener(this.#settings.forumChatId, bot, host),
      signal: stop.signal,
    });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.stop.abort();
    await running.ended;
    if (this.#running === running) this.#running = undefined;
  }

  async open(card: SessionCard, { signal }: Call): Promise<ThreadRef> {
    const chatId = this.#settings.forumChatId;
    const topic = await this.#telegram.act(
      (api, signal) =>
        api.createForumTopic(
          { chat_id: chatId, name: titleOf(card, this.#settings), icon_color: iconColorOf(card) },
          signal,
        ),
      signal,
    );
    return { chatId, threadId: String(topic.message_thread_id) };
  }

  render(note: Note): Part[] {
    return render(note, this.#settings);
  }

  /**
   * A topic that takes no posts because it is closed, which happens only to a bot without the right to manage topics,
   * is reopened first; the bot may do that in topics it created.
   */
  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    try {
      return await this.#send(thread, part, call);
    } catch (error) {
      if (!BridgeError.isInstance(error) || !error.message.includes('TOPIC_CLOSED')) throw error;
      await this.closing.reopen(thread, call);
      return this.#send(thread, part, call);
    }
  }

  async answer(to: MessageRef, text: string, { signal }: Call): Promise<void> {
    const thread = to.threadId === undefined ? {} : { message_thread_id: topicId(to.threadId) };
    await this.#telegram.act(
      (api, signal) =>
        api.sendMessage(
          {
            chat_id: to.chatId,
            ...thread,
            text: shortened(text, TELEGRAM_LENGTH),
            ...replyingTo(to),
            ...WITHOUT_PREVIEW,
          },
          signal,
        ),
      signal,
    );
  }

  readonly editing: NonNullable<Bridge['editing']> = {
    edit: async (
      posted: MessageRef,
      part: Part,
      { plain, signal }: Call & { readonly plain: boolean },
    ): Promise<void> => {
      await this.#rewrite(posted, textOf(part, plain), signal);
    },
    /**
     * Telegram deletes what is older than 48 hours only for a bot with the right "Delete Messages". Without it the
     * message's text goes, which is what matters.
     * @see https://core.telegram.org/bots/api#deletemessage
     */
    remove: async (posted: MessageRef, { signal }: Call): Promise<void> => {
      const { chatId } = posted;
      const messageId = messageIdOf(posted);
      try {
        await this.#telegram.act(
          (api, signal) => api.deleteMessage({ chat_id: chatId, message_id: messageId }, signal),
          signal,
        );
      } catch (error) {
        if (!BridgeError.isInstance(error) || !/can't be deleted|DELETE_FORBIDDEN/i.test(error.message))
          throw error;
        await this.#rewrite(posted, { text: '<i>Deleted</i>', parse_mode: 'HTML' }, signal);
      }
    },
  };

  readonly typing: NonNullable<Bridge['typing']> = {
    show: async ({ chatId, threadId }: ThreadRef, { signal }: Call): Promise<void> => {
      const message_thread_id = topicId(threadId);
      await this.#telegram.act(
        (api, signal) => api.sendChatAction({ chat_id: chatId, message_thread_id, action: 'typing' }, signal),
        signal,
      );
    },
  };

  readonly closing: NonNullable<Bridge['closing']> = {
    close: async ({ chatId, threadId }: ThreadRef, { signal }: Call): Promise<void> => {
      const topic = { chat_id: chatId, message_thread_id: topicId(threadId) };
      await unlessUnchanged(this.#telegram.act((api, signal) => api.closeForumTopic(topic, signal), signal));
    },
    reopen: async ({ chatId, threadId }: ThreadRef, { signal }: Call): Promise<void> => {
      const topic = { chat_id: chatId, message_thread_id: topicId(threadId) };
      await unlessUnchanged(this.#telegram.act((api, signal) => api.reopenForumTopic(topic, signal), signal));
    },
  };

  readonly titles: NonNullable<Bridge['titles']> = {
    rename: async ({ chatId, threadId }: ThreadRef, card: SessionCard, { signal }: Call): Promise<void> => {
      const topic = {
        chat_id: chatId,
        message_thread_id: topicId(threadId),
        name: titleOf(card, this.#settings),
      };
      await unlessUnchanged(this.#telegram.act((api, signal) => api.editForumTopic(topic, signal), signal));
    },
  };

  async #send(thread: ThreadRef, part: Part, { plain, replyTo, signal }: PostCall): Promise<PostedRef> {
    const { chatId, threadId } = thread;
    const message_thread_id = topicId(threadId);
    const reply = replyTo?.chatId === chatId ? replyingTo(replyTo) : {};
    const message = await this.#telegram.act(
      (api, signal) =>
        api.sendMessage(
          { chat_id: chatId, message_thread_id, ...textOf(part, plain), ...reply, ...WITHOUT_PREVIEW },
          signal,
        ),
      signal,
    );
    return { chatId, threadId, platformId: String(message.message_id) };
  }

  async #rewrite(posted: MessageRef, text: Text, signal: AbortSignal): Promise<void> {
    const message = { chat_id: posted.chatId, message_id: messageIdOf(posted) };
    await unlessUnchanged(
      this.#telegram.act(
        (api, signal) => api.editMessageText({ ...message, ...text, ...WITHOUT_PREVIEW }, signal),
        signal,
      ),
    );
  }
}

interface Text {
  readonly text: string;
  readonly parse_mode?: 'HTML';
}

const textOf = (part: Part, plain: boolean): Text =>
  plain ? { text: part.plain } : { text: part.markup, parse_mode: 'HTML' };

const WITHOUT_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

const replyingTo = (ref: MessageRef) => ({
  reply_parameters: { message_id: messageIdOf(ref), allow_sending_without_reply: true },
});

/** An id that is none must not reach Telegram: without a topic a post would go to the group's General topic. */
const topicId = (threadId: string): number => numberOf(threadId, 'thread_gone', 'topic');

const messageIdOf = ({ platformId }: MessageRef): number => numberOf(platformId, 'message_gone', 'message');

const numberOf = (id: string, code: 'thread_gone' | 'message_gone', what: string): number => {
  const number = Number(id);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new BridgeError(code, `"${id}" is not the id of a Telegram ${what}.`);
};

/** Telegram refuses what would change nothing. For the engine that is success. */
const unlessUnchanged = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!BridgeError.isInstance(error) || !/TOPIC_NOT_MODIFIED|message is not modified/i.test(error.message))
      throw error;
  }
};
