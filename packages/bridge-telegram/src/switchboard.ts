import type { BridgeHost, Inbound, Logger } from '@pocketping/core';
import type { Message, Update } from 'grammy/types';
import type { Chat } from './chat.js';
import { messageIn, namesABot, type Reader } from './parse.js';

/** Other chats that are remembered, so that not every message in them is looked at; and for how long. */
const REMEMBERED_CHATS = 1000;
const REMEMBERED_MS = 10 * 60_000;

/** Hands each update of a bot to the chat that it concerns. */
export class Switchboard {
  readonly #chats: readonly Chat[];
  readonly #readerOf: (named: boolean) => Promise<Reader>;
  readonly #started = new Map<Chat, BridgeHost>();
  readonly #called = new Map<Chat, BridgeHost>();
  readonly #underWay = new Set<{ readonly chat: Chat; readonly over: Promise<void> }>();
  /** Other chats, and until when that holds: one of ours may turn out to have become it. */
  readonly #foreign = new Map<string, number>();

  /** @param readerOf who reads; with its name where that is needed */
  constructor(chats: readonly Chat[], readerOf: (named: boolean) => Promise<Reader>) {
    this.#chats = chats;
    this.#readerOf = readerOf;
  }

  /** The engine's hosts of the chats whose bridges run here, or try to. */
  hosts(): Iterable<BridgeHost> {
    return this.#started.values();
  }

  /** What happens in a chat goes to a host, until `disconnect`. */
  connect(chat: Chat, host: BridgeHost): void {
    this.#started.set(chat, host);
  }

  /** The same where Telegram calls, whether or not the chat's bridge runs here. */
  connectCalls(chat: Chat, host: BridgeHost): void {
    this.#called.set(chat, host);
  }

  /** Resolves when nothing that was under way for a chat is any more. */
  async disconnect(chat: Chat): Promise<void> {
    this.#started.delete(chat);
    await Promise.all([...this.#underWay].filter((one) => one.chat === chat).map(({ over }) => over));
  }

  /** Rejects when the update was not taken, because its chat's bridge has not started yet or because of its host: it has to come again. */
  async take(update: Update, signal: AbortSignal): Promise<void> {
    const message = messageIn(update);
    if (!message) return this.#logger?.debug(kindOf(update), PASSED_OVER);
    if (!message.chat) return this.#logger?.error(kindOf(update), NOT_UNDERSTOOD);
    const chat = await this.#chatOf(message, signal);
    if (!chat) return;
    if (message.migrate_to_chat_id !== undefined) chat.follow?.(String(message.migrate_to_chat_id));
    const host = this.#started.get(chat) ?? this.#called.get(chat);
    if (!host) throw new Error(`The bridge of the Telegram chat ${chat.id} has not started yet.`);
    const named = read(update, host.logger, () => namesABot(update));
    if (named === undefined) return;
    const bot = await this.#readerOf(named);
    const inbound = read(update, host.logger, () => chat.parse(update, bot, host.commands) ?? null);
    if (inbound) await this.#hand(chat, host, inbound);
    else if (inbound === null) host.logger.debug(kindOf(update), PASSED_OVER);
  }

  async #hand(chat: Chat, host: BridgeHost, inbound: Inbound): Promise<void> {
    const taken = host.receive(inbound);
    const one = { chat, over: taken.catch(() => {}) };
    this.#underWay.add(one);
    try {
      await taken;
    } finally {
      this.#underWay.delete(one);
    }
  }

  /**
   * The chat in which a message stands. A group that has become a supergroup since may be known to another node only;
   * Telegram tells whether a strange one is that.
   */
  async #chatOf({ chat, migrate_from_chat_id }: Message, signal: AbortSignal): Promise<Chat | undefined> {
    const id = String(chat.id);
    const known = this.#at(id);
    if (known || (this.#foreign.get(id) ?? 0) > this.#now) return known;
    if (migrate_from_chat_id !== undefined) this.#at(String(migrate_from_chat_id))?.follow?.(id);
    else if (chat.type === 'supergroup') for (const one of this.#chats) await one.look?.(signal);
    const found = this.#at(id);
    if (!found) this.#remember(id);
    return found;
  }

  #at(chatId: string): Chat | undefined {
    return this.#chats.find((chat) => chat.isAt(chatId));
  }

  #remember(chatId: string): void {
    if (this.#foreign.size >= REMEMBERED_CHATS) this.#foreign.clear();
    this.#foreign.set(chatId, this.#now + REMEMBERED_MS);
    this.#logger?.debug(
      { chatId, chatIds: this.#chats.map(({ id }) => id) },
      'Messages of other Telegram chats are ignored',
    );
  }

  get #host(): BridgeHost | undefined {
    const [host] = [...this.#started.values(), ...this.#called.values()];
    return host;
  }

  get #logger(): Logger | undefined {
    return this.#host?.logger;
  }

  get #now(): number {
    return this.#host?.clock.now() ?? 0;
  }
}

/** Reading an update again would fail again, and would hold up everything behind it: it is passed over. */
const read = <T>(update: Update, logger: Logger, answer: () => T): T | undefined => {
  try {
    return answer();
  } catch (err) {
    logger.error({ err, ...kindOf(update) }, NOT_UNDERSTOOD);
    return undefined;
  }
};

const PASSED_OVER = 'Passed over a Telegram update';
const NOT_UNDERSTOOD = 'Did not understand a Telegram update; passed over it';

/** What an update is about, without anybody's words. */
const kindOf = (update: Update) => ({
  updateId: update.update_id,
  holds: Object.keys(messageIn(update) ?? update),
});
