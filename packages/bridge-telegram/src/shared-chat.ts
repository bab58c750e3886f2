import {
  BridgeError,
  type CommandSummary,
  type Inbound,
  type Logger,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import type { Run } from '@pocketping/core/rendering';
import type { Update, UserFromGetMe } from 'grammy/types';
import { chatAdvice, isPrivate } from './advice.js';
import type { Advise, Chat, Destination } from './chat.js';
import type { ChatSetting } from './chat-settings.js';
import { type Hearing, sideBySide } from './hearing.js';
import { pacingOf } from './limits.js';
import { Marks } from './mark.js';
import { toPart } from './markup.js';
import { parse, type Reader } from './parse.js';
import { renderMarked } from './render-marked.js';
import type { Settings } from './settings.js';
import { type Telegram, telegram } from './telegram.js';

/**
 * A chat that all conversations share: a person's with the bot, a group, or a supergroup without topics. Every post says
 * whose conversation it belongs to; a thread is named after its session.
 */
export class SharedChat implements Chat {
  readonly name: string;
  readonly threadless = true;
  readonly telegram: Telegram;
  readonly pacing: Pacing;
  readonly #settings: Settings;
  readonly #marks: Marks;
  readonly #hearing: Hearing;
  readonly #earlierIds = new Set<string>();
  #id: string;
  #username: string | undefined;
  #logger: Logger | undefined;

  constructor(settings: Settings, { id, name }: ChatSetting) {
    this.name = name;
    this.#settings = settings;
    this.#id = id;
    this.telegram = telegram(settings, {
      advice: chatAdvice(id),
      topics: false,
      moved: (chatId) => this.follow(chatId),
    });
    this.pacing = settings.pacing ?? pacingOf(isPrivate(id) ? 'private' : 'group', settings.chats.length);
    this.#marks = new Marks(settings);
    this.#hearing = sideBySide(this.#marks, (chatId) => this.#earlierIds.has(chatId));
  }

  get id(): string {
    return this.#id;
  }

  isAt(chatId: string): boolean {
    return chatId === this.#id || this.#earlierIds.has(chatId);
  }

  logTo(logger: Logger): void {
    this.#logger = logger;
  }

  /** A group keeps its messages when it becomes a supergroup, but they cannot be edited or answered there any more. */
  follow(chatId: string): void {
    if (this.isAt(chatId)) return;
    this.#earlierIds.add(this.#id);
    this.#logger?.warn(
      { chatId: this.#id, supergroupId: chatId },
      `The Telegram group ${this.#id} has become the supergroup ${chatId}, and PocketPing follows it. chatIds may stay as it is. With the new id in it the bridge has a new name, and conversations begin anew in the chat.`,
    );
    this.#id = chatId;
  }

  async look(signal: AbortSignal): Promise<void> {
    if (isPrivate(this.#id) || isSupergroup(this.#id)) return;
    await this.#tryWriting(signal).catch((error: unknown) => {
      if (BridgeError.isInstance(error) && TELLS_NOTHING.has(error.code)) throw error;
    });
  }

  async check(bot: UserFromGetMe, advise: Advise, signal: AbortSignal): Promise<void> {
    this.#username = bot.username;
    const { id } = this;
    try {
      await this.#checkHere(bot, advise, signal);
    } catch (error) {
      if (this.id === id) throw error;
      await this.#checkHere(bot, advise, signal);
    }
  }

  parse(update: Update, bot: Reader, commands: readonly CommandSummary[]): Inbound | undefined {
    return parse(update, bot, this.#hearing, commands);
  }

  async open({ sessionId }: SessionCard): Promise<ThreadRef> {
    return { chatId: this.#id, threadId: sessionId };
  }

  render(note: Note, card: SessionCard): Part[] {
    const mark = this.#marks.of(card.sessionId, this.#username);
    return renderMarked(note, card, this.#settings, mark);
  }

  remark(runs: readonly Run[], threadId: string | undefined): Part {
    if (threadId === undefined) return toPart(runs);
    const { link } = this.#marks.of(threadId, this.#username);
    return toPart([{ text: '↩️', href: link }, { text: ' ' }, ...runs]);
  }

  destination({ chatId }: ThreadRef): Destination {
    if (chatId === this.#id) return { chat_id: chatId };
    throw new BridgeError('thread_gone', `The Telegram group ${chatId} has become ${this.#id}.`);
  }

  /** Whoever wrote in the group before it moved reads on in its successor. */
  whereToAnswer({ chatId }: MessageRef): Destination {
    return { chat_id: this.isAt(chatId) ? this.#id : chatId };
  }

  async #checkHere(bot: UserFromGetMe, advise: Advise, signal: AbortSignal): Promise<void> {
    const chat_id = this.#id;
    const chat = await this.telegram.ask((api, signal) => api.getChat({ chat_id }, signal), signal);
    if (chat.type === 'channel') {
      throw new BridgeError('misconfigured', `chatIds has ${chat_id}, which is a channel. Use a group.`);
    }
    if (chat.type === 'supergroup' && chat.is_forum) {
      throw new BridgeError(
        'misconfigured',
        `The group "${chat.title}" has topics: set forumChatId to "${chat_id}" instead of chatIds, or switch its topics off.`,
      );
    }
    await this.#tryWriting(signal);
    if (chat.type === 'private' || bot.can_read_all_group_messages) return;
    const member = await this.telegram.ask(
      (api, signal) => api.getChatMember({ chat_id, user_id: bot.id }, signal),
      signal,
    );
    if (member.status === 'administrator') return;
    advise(
      `@${bot.username} hears only commands and replies to its own messages in the group "${chat.title}". To answer a visitor by replying to a teammate's message, make it an administrator, or switch its privacy mode off: @BotFather → /setprivacy`,
    );
  }

  /** Of what the bot may do in a chat, Telegram tells only by letting it. "typing…" is over after five seconds. */
  async #tryWriting(signal: AbortSignal): Promise<void> {
    const chat_id = this.#id;
    await this.telegram.ask(
      (api, signal) => api.sendChatAction({ chat_id, action: 'typing' }, signal),
      signal,
    );
  }
}

/** Answers after which it is still open whether the group has moved. */
const TELLS_NOTHING: ReadonlySet<BridgeError['code']> = new Set(['unavailable', 'rate_limited', 'uncertain']);

/** @see https://core.telegram.org/api/bots/ids */
const isSupergroup = (chatId: string): boolean => /^-100\d{10,}$/.test(chatId);
