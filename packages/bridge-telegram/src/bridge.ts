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
import { shortened } from '@pocketping/core/rendering';
import type { Chat } from './chat.js';
import { fetchFile } from './files.js';
import { MESSAGE_LENGTH } from './limits.js';
import { type Line, lineFrom } from './line.js';
import { foreign } from './markup.js';
import { offerCommands } from './menu.js';
import type { TelegramBridgeOptions } from './options.js';
import { PREFIX } from './parse.js';
import { captionOf, post, type Text, textOf, WITHOUT_PREVIEW } from './posting.js';
import { messageIdOf, unlessUnchanged } from './telegram.js';
import { isGenuine } from './verify.js';

/**
 * PocketPing in Telegram. With `forumChatId`: a supergroup with a topic for each conversation. With `chatIds`: chats that
 * all conversations share, where the team answers by replying; the bridge is that of the first one, and the others are
 * its siblings.
 *
 * @example
 * new TelegramBridge({ botToken: '123456789:AAE…', forumChatId: '-1001234567890' })
 * @see https://core.telegram.org/bots/api
 */
export class TelegramBridge implements Bridge {
  readonly name: string;
  readonly commandPrefix = PREFIX;
  readonly gestures = [
    { name: 'delete', summary: 'Reply with it to your message, and it is deleted for the visitor' },
  ];
  readonly pacing: Pacing;
  readonly connection: string;
  readonly siblings: readonly TelegramBridge[];
  readonly threadless?: true;
  readonly closing?: NonNullable<Bridge['closing']>;
  readonly titles?: NonNullable<Bridge['titles']>;
  readonly webhook?: NonNullable<Bridge['webhook']>;
  readonly #chat: Chat;
  readonly #line: Line;
  #running: { readonly stop: AbortController; readonly begun: Promise<unknown> } | undefined;

  /** @throws BridgeError `misconfigured` for options that cannot work, saying what to change */
  constructor(options: TelegramBridgeOptions) {
    const { line, place } = (options as SeatedOptions)[SEAT] ?? { line: lineFrom(options), place: 0 };
    const { settings, chats, connection } = line;
    const chat = chats[place] as Chat;
    this.#line = line;
    this.#chat = chat;
    this.name = chat.name;
    this.pacing = chat.pacing;
    this.connection = connection.name;
    this.siblings = place > 0 ? [] : chats.slice(1).map((_, at) => seated(options, { line, place: at + 1 }));
    if (chat.threadless) this.threadless = true;
    if (chat.closing) this.closing = chat.closing;
    if (chat.titles) this.titles = chat.titles;
    const { webhook } = settings;
    if (webhook) {
      this.webhook = {
        receiver: (host) => connection.receiver(chat, host, webhook.secret),
        admits: (headers) => isGenuine({ headers }, webhook.secret),
      };
    }
  }

  async start(host: BridgeHost): Promise<void> {
    const stop = new AbortController();
    const begun = this.stop().then(() => {
      if (stop.signal.aborted) {
        throw new BridgeError('unavailable', 'The bridge was stopped while it started.');
      }
      this.#line.connection.announce(this.#chat, host);
      return this.#begin(host, stop.signal);
    });
    // At once, so that whoever stops it in the same breath stops this start.
    this.#running = { stop, begun: begun.catch(() => {}) };
    await begun;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.stop.abort();
    await Promise.all([running.begun, this.#line.connection.leave(this.#chat)]);
    if (this.#running === running) this.#running = undefined;
  }

  open(card: SessionCard, call: Call): Promise<ThreadRef> {
    return this.#chat.open(card, call);
  }

  render(note: Note, card: SessionCard): Part[] {
    return this.#chat.render(note, card);
  }

  /**
   * A topic that takes no posts because it is closed, which happens only to a bot without the right to manage topics,
   * is reopened first; the bot may do that in topics it created.
   */
  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    const where = this.#chat.destination(thread);
    const posting = () => post(this.#chat.telegram, where, part, call);
    const platformId = await posting().catch(async (error: unknown) => {
      if (!this.closing || !says(error, /TOPIC_CLOSED/)) throw error;
      await this.closing.reopen(thread, call);
      return posting();
    });
    return { chatId: where.chat_id, threadId: thread.threadId, platformId };
  }

  /** Where a group became a supergroup just now, the answer is given there. */
  async answer(to: MessageRef, text: string, { signal }: Call): Promise<void> {
    const part = this.#chat.remark(foreign(shortened(text, MESSAGE_LENGTH - SIGN_LENGTH)), to.threadId);
    const where = this.#chat.whereToAnswer(to);
    const call = { plain: false, replyTo: to, signal };
    const { telegram } = this.#chat;
    await post(telegram, where, part, call).catch((error: unknown) => {
      const now = this.#chat.whereToAnswer(to);
      if (now.chat_id === where.chat_id) throw error;
      return post(telegram, now, part, call);
    });
  }

  readonly editing: NonNullable<Bridge['editing']> = {
    edit: (posted, part, { plain, signal }) => this.#rewrite(posted, textOf(part, plain), signal),
    /**
     * Telegram deletes what is older than 48 hours only for a bot with the right "Delete Messages". Without it the
     * message's text goes, which is what matters; a file stays.
     * @see https://core.telegram.org/bots/api#deletemessage
     */
    remove: async (posted, { signal }) => {
      const message = this.#messageAt(posted);
      const removed = this.#chat.telegram.act((api, signal) => api.deleteMessage(message, signal), signal);
      await this.#orLeftBehind(removed).catch(async (error: unknown) => {
        if (!says(error, /can't be deleted|DELETE_FORBIDDEN/i)) throw error;
        const part = this.#chat.remark([{ text: 'Deleted', style: 'italic' }], posted.threadId);
        await this.#rewrite(posted, textOf(part, false), signal).catch((error: unknown) => {
          if (!says(error, /no text in the message/i)) throw error;
          return this.#recaption(posted, part, signal);
        });
      });
    },
  };

  readonly typing: NonNullable<Bridge['typing']> = {
    show: async (thread, { signal }) => {
      const action = { ...this.#chat.destination(thread), action: 'typing' } as const;
      await this.#chat.telegram.act((api, signal) => api.sendChatAction(action, signal), signal);
    },
  };

  /**
   * A bot has one reaction to a message; the next takes its place. Where a chat allows none of these, nothing is shown.
   * @see https://core.telegram.org/bots/api#setmessagereaction
   */
  readonly receipts: NonNullable<Bridge['receipts']> = {
    mark: async (posted, state, { signal }) => {
      const reaction = [{ type: 'emoji', emoji: RECEIPTS[state] } as const];
      const marking = { ...this.#messageAt(posted), reaction };
      const marked = this.#chat.telegram.ask(
        (api, signal) => api.setMessageReaction(marking, signal),
        signal,
      );
      await unlessUnchanged(this.#orLeftBehind(marked)).catch((error: unknown) => {
        if (!says(error, NO_REACTION)) throw error;
      });
    },
  };

  readonly files: NonNullable<Bridge['files']> = {
    fetch: (ref, { signal }) => fetchFile(this.#chat.telegram, ref, signal),
  };

  /** What a person is told at the start is not said again each time. */
  readonly access: NonNullable<Bridge['access']> = {
    check: async ({ signal }) => {
      const bot = await this.#line.connection.askWho(signal);
      await this.#chat.check(bot, () => {}, signal);
    },
  };

  async #begin(host: BridgeHost, signal: AbortSignal): Promise<void> {
    const { connection } = this.#line;
    const chat = this.#chat;
    const bot = await connection.askWho(signal);
    await chat.check(bot, (advice) => host.logger.info({ chatId: chat.id }, advice), signal);
    await offerCommands(chat.telegram, chat.id, host, signal);
    if (signal.aborted) throw stopped();
    await connection.listen(chat, host);
    if (signal.aborted) throw stopped();
  }

  async #rewrite(posted: MessageRef, text: Text, signal: AbortSignal): Promise<void> {
    const message = { ...this.#messageAt(posted), ...text, ...WITHOUT_PREVIEW };
    const edited = this.#chat.telegram.act((api, signal) => api.editMessageText(message, signal), signal);
    await unlessUnchanged(this.#orLeftBehind(edited));
  }

  async #recaption(posted: MessageRef, part: Part, signal: AbortSignal): Promise<void> {
    const message = { ...this.#messageAt(posted), ...captionOf(part, false) };
    const edited = this.#chat.telegram.act((api, signal) => api.editMessageCaption(message, signal), signal);
    await unlessUnchanged(this.#orLeftBehind(edited));
  }

  #messageAt(posted: MessageRef): { chat_id: string; message_id: number } {
    const { id } = this.#chat;
    if (posted.chatId !== id && this.#chat.isAt(posted.chatId)) throw leftBehind(id);
    return { chat_id: posted.chatId, message_id: messageIdOf(posted) };
  }

  /** What stands in a group from before it became a supergroup can no longer be changed, and without topics nothing else goes. */
  async #orLeftBehind<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!this.threadless || !BridgeError.isInstance(error) || error.code !== 'thread_gone') throw error;
      throw leftBehind(this.#chat.id);
    }
  }
}

/** Which of a line's chats a bridge is for: what a sibling is told, and nobody else. */
const SEAT = Symbol('seat');

interface SeatedOptions extends TelegramBridgeOptions {
  readonly [SEAT]?: { readonly line: Line; readonly place: number };
}

const seated = (options: TelegramBridgeOptions, seat: NonNullable<SeatedOptions[typeof SEAT]>) =>
  new TelegramBridge({ ...options, [SEAT]: seat } as SeatedOptions);

/** Of what bots may react with. @see https://core.telegram.org/bots/api#reactiontypeemoji */
const RECEIPTS = { delivered: '👍', read: '👀' } as const;

/** The chat allows no reactions, or not these; there are too many others; or the bot may not react. */
const NO_REACTION = /REACTIONS?_|not enough rights|have no rights|CHAT_ADMIN_REQUIRED/;

/** Characters that the sign before a remark takes. */
const SIGN_LENGTH = 3;

const stopped = (): BridgeError => new BridgeError('unavailable', 'The bridge was stopped while it started.');

const says = (error: unknown, words: RegExp): boolean =>
  BridgeError.isInstance(error) && words.test(error.message);

const leftBehind = (supergroup: string): BridgeError =>
  new BridgeError(
    'message_gone',
    `The Telegram group has become the supergroup ${supergroup}; its posts stay as they are.`,
  );
