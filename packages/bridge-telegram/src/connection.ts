import type { BridgeHost, WebhookReceiver } from '@pocketping/core';
import type { UserFromGetMe } from 'grammy/types';
import type { Chat } from './chat.js';
import { type Listener, listenerOf } from './listener.js';
import type { Reader } from './parse.js';
import { poll } from './poll.js';
import type { Settings } from './settings.js';
import { Switchboard } from './switchboard.js';
import type { Telegram } from './telegram.js';
import { leaveWebhook, receiver, setWebhook, watchWebhook } from './webhook.js';

/** Listening, from its beginning to its end. */
interface Ear {
  readonly stop: AbortController;
  /** Rejects when it cannot begin. */
  readonly begun: Promise<void>;
  readonly ended: Promise<void>;
}

/**
 * A bot's line to Telegram, which its chats share because only one process may listen: one poll, or one webhook. It
 * listens from the time the bridge of the first chat has started until the last one's has stopped.
 */
export class Connection {
  /** Names it among the engine's connections. */
  readonly name: string;
  readonly #settings: Settings;
  readonly #telegram: Telegram;
  readonly #switchboard: Switchboard;
  /** The chats on whose behalf it listens. */
  readonly #listening = new Set<Chat>();
  #ear: Ear | undefined;
  /** Until the last one has ended. */
  #ending: Promise<void> = Promise.resolve();
  #bot: UserFromGetMe | undefined;
  #asking: Promise<UserFromGetMe> | undefined;

  constructor(settings: Settings, chats: readonly [Chat, ...Chat[]]) {
    this.name = `telegram-${settings.botId}`;
    this.#settings = settings;
    this.#telegram = chats[0].telegram;
    this.#switchboard = new Switchboard(chats, (named) => this.#reader(named));
  }

  /** Who the bot is, as Telegram says now. */
  async askWho(signal: AbortSignal): Promise<UserFromGetMe> {
    this.#bot = await this.#telegram.ask((api, signal) => api.getMe(signal), signal);
    return this.#bot;
  }

  /** The bridge of a chat begins to start: from now on updates can go to its host. */
  announce(chat: Chat, host: BridgeHost): void {
    chat.logTo?.(host.logger);
    this.#switchboard.connect(chat, host);
  }

  /** The bridge of a chat works. Resolves when somebody listens for it. @throws BridgeError */
  async listen(chat: Chat, host: BridgeHost): Promise<void> {
    this.#listening.add(chat);
    const ear = this.#ear ?? this.#begin(listenerOf(host, () => this.#switchboard.hosts()));
    this.#ear = ear;
    try {
      await ear.begun;
    } catch (error) {
      this.#listening.delete(chat);
      if (this.#ear === ear) this.#ear = undefined;
      throw error;
    }
  }

  /** Resolves when nothing more is handed over for a chat. */
  async leave(chat: Chat): Promise<void> {
    this.#listening.delete(chat);
    const ear = this.#listening.size === 0 ? this.#ear : undefined;
    if (ear) {
      this.#ear = undefined;
      this.#ending = ear.ended;
      ear.stop.abort();
      await ear.ended;
    }
    await this.#switchboard.disconnect(chat);
  }

  /** Takes what Telegram sends to this node, for all the chats whose bridges were asked for their receiver. */
  receiver(chat: Chat, host: BridgeHost, secret: string): WebhookReceiver {
    chat.logTo?.(host.logger);
    this.#switchboard.connectCalls(chat, host);
    return receiver(secret, (update) => this.#switchboard.take(update, endless), host.logger);
  }

  #begin(listener: Listener): Ear {
    const stop = new AbortController();
    const { webhook, pollTimeoutSeconds: timeoutSeconds } = this.#settings;
    const { signal } = stop;
    const telegram = this.#telegram;
    const begun = this.#ending.then(() =>
      webhook ? setWebhook(telegram, webhook, signal) : leaveWebhook(telegram, listener.logger, signal),
    );
    const listening = begun.then(() =>
      webhook
        ? watchWebhook(telegram, webhook, listener, signal)
        : poll({
            telegram,
            listener,
            timeoutSeconds,
            take: (update) => this.#switchboard.take(update, signal),
            signal,
          }),
    );
    return { stop, begun, ended: listening.catch(() => {}) };
  }

  async #reader(named: boolean): Promise<Reader> {
    const bot = named ? (this.#bot ?? (await this.#whoOnce())) : this.#bot;
    return { id: this.#settings.botId, username: bot?.username };
  }

  /** Updates that come together ask together. */
  #whoOnce(): Promise<UserFromGetMe> {
    this.#asking ??= this.askWho(endless).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }
}

/** For what nobody calls off. */
const endless = new AbortController().signal;
