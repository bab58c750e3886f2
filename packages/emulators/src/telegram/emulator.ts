import type { IncomingMessage, ServerResponse } from 'node:http';
import { servePhone } from '../phone/routes.js';
import { assemble, type Parts } from './assemble.js';
import { ChatView } from './chat-view.js';
import type { FaultRule, Storm } from './faults.js';
import { fetchInProcess, type InProcessInit } from './in-process.js';
import { type Listening, listen } from './listening.js';
import { Operator, type OperatorName } from './operator.js';
import type { TelegramEmulatorOptions } from './options.js';
import { serveApi } from './over-http.js';
import { screenFor } from './phone.js';
import { randomFrom } from './random.js';
import type { NewChat } from './rooms.js';
import type { TelegramCall } from './server.js';
import type { PhoneEntry, PhoneMessage, PhoneTopic } from './snapshot.js';
import type { BotMembership } from './state.js';
import type { Update } from './types.js';
import { type WaitOptions, whenSeen } from './waiting.js';

/** Calls that are remembered; older ones go. */
const CALLS_KEPT = 10_000;

/** Where the API is for those who reach it through `fetch` only. */
const NOWHERE = 'http://telegram.invalid';

/**
 * A Bot API server with one bot, a forum group, more chats on demand, and the phones of their people.
 *
 * @example
 * const telegram = await TelegramEmulator.start();
 * const bot = new Bot(telegram.botToken, { client: { apiRoot: telegram.apiRoot } });
 */
export class TelegramEmulator {
  readonly #calls: TelegramCall[] = [];
  readonly #closing = new AbortController();
  readonly #parts: Parts;
  #listening: Listening | undefined;

  /** Listens, and resolves when calls can come. Rejects if the port is taken or the file is unreadable. */
  static async start(options: TelegramEmulatorOptions = {}): Promise<TelegramEmulator> {
    const emulator = new TelegramEmulator(options);
    const { port = 0, host = '127.0.0.1' } = options;
    try {
      if (options.listen ?? true) emulator.#listening = await listen(emulator.handler, port, host);
    } catch (error) {
      emulator.#parts.file?.abandon();
      throw error;
    }
    emulator.#parts.webhook.resume();
    return emulator;
  }

  private constructor(private readonly options: TelegramEmulatorOptions) {
    this.#parts = assemble(options, (call) => this.#record(call), this.#closing.signal);
  }

  /** Where the API is, for a client's `apiRoot`: `http://127.0.0.1:<port>`. */
  get apiRoot(): string {
    return this.#listening?.origin ?? NOWHERE;
  }

  /** The page of the operator's phone. */
  get phoneUrl(): string {
    return `${this.apiRoot}/phone`;
  }

  get botToken(): string {
    return this.#parts.state.botToken;
  }

  get forumChatId(): string {
    return String(this.#parts.state.forumChatId);
  }

  /** The calls that reached the API, oldest first (the newest 10,000). */
  get calls(): readonly TelegramCall[] {
    return this.#calls;
  }

  /** How often the bot ran into the rate limits that the option `limits` enforces. */
  get limitsExceeded(): number {
    return this.#parts.limiter?.exceeded ?? 0;
  }

  /**
   * Answers the API (`/bot<token>/…`, `/file/bot<token>/…`) and the phone (`/phone…`), so that an app can serve both from its own server.
   * @returns false, and does nothing, if the address is none of these
   */
  readonly handler = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    return (
      serveApi(this.#parts.api, request, response, url) || servePhone(this.#phone, request, response, url)
    );
  };

  /**
   * Answers the API in this process, without a socket: for a client's own `fetch`, such as that of grammY's
   * `ApiClientOptions`. With a `clock` that a test moves, nothing here goes by any other time.
   * @throws TypeError when a fault cuts the connection, `AbortError` when the caller aborts
   */
  readonly fetch = (url: string | URL, init?: InProcessInit): Promise<Response> =>
    fetchInProcess(this.#parts.api, url, init);

  /** A person of the team; the same name is the same person. */
  operator(name: OperatorName): Operator {
    return new Operator(this.#parts.rooms, name);
  }

  /**
   * Adds a chat with the bot in it. One with the same id that is there already is that chat.
   * @returns its id
   * @throws Error for an id that does not fit the type or belongs to somebody else
   */
  addChat(chat: NewChat): string {
    return String(this.#parts.rooms.add(chat, chat.person ?? this.#holder).chat.id);
  }

  /** What can be seen of a chat. Throws RangeError if there is no such chat. */
  chat(chatId: string | number): ChatView {
    return new ChatView(this.#parts.rooms.at(chatId), this.#parts.changes);
  }

  /** Switches the topics of a supergroup on or off. Bots are not told. */
  setForum(chatId: string | number, isForum: boolean): void {
    this.#parts.rooms.at(chatId).setForum(isForum);
  }

  /**
   * Turns a basic group into a supergroup, as the platform does when the group needs what only those have.
   * @returns the supergroup's id
   */
  migrate(chatId: string | number): string {
    return String(this.#parts.rooms.migrate(this.#parts.rooms.at(chatId), this.#owner(chatId)).chat.id);
  }

  /** Switches the bot's privacy mode on or off. @see https://core.telegram.org/bots/features#privacy-mode */
  setPrivacy(privacy: boolean): void {
    this.#parts.state.privacy = privacy;
    this.#parts.file?.changed();
  }

  /**
   * The bytes of a file that somebody or the bot sent.
   * @param id as of a message's `file`
   * @throws RangeError if there is no such file
   */
  fileBytes(id: string): Uint8Array {
    return this.#parts.rooms.files.bytesOf(id);
  }

  /** The topics that exist, in order of creation, without General. */
  topics(): PhoneTopic[] {
    return this.#forum.topics();
  }

  /** The messages of a topic that exist, oldest first, service messages included. General is topic 1. */
  messages(topicId: number): PhoneMessage[] {
    return this.#forum.messages(topicId);
  }

  /** A message, even a deleted one. */
  message(id: number): PhoneMessage | undefined {
    return this.#forum.message(id);
  }

  /** A topic, even a deleted one. */
  topic(id: number): PhoneTopic | undefined {
    return this.#forum.topic(id);
  }

  /** A teammate deletes the topic. The bot learns it from its next call. */
  deleteTopic(topicId: number): void {
    this.operator(this.#holder).deleteTopic(topicId);
  }

  /**
   * Makes a topic unreachable for the bot: what it sends there answers that there is no such thread, while people go on
   * writing there and the bot hears them.
   * @returns a function that makes it reachable again
   */
  blockTopic(topicId: number, chatId: string | number = this.forumChatId): () => void {
    const room = this.#parts.rooms.at(chatId);
    const set = (blocked: boolean) => {
      const topic = room.topic(topicId);
      if (!topic) throw new RangeError(`there is no topic ${topicId}`);
      room.setBlocked(topic, blocked);
    };
    set(true);
    return () => set(false);
  }

  /** As `ChatView.waitFor`, in the forum. */
  waitFor<T extends PhoneEntry>(
    predicate: (entry: PhoneEntry) => entry is T,
    options?: WaitOptions,
  ): Promise<T>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry> {
    return this.#forum.waitFor(predicate, options);
  }

  waitForMessage(
    predicate: (message: PhoneMessage) => boolean,
    options?: WaitOptions,
  ): Promise<PhoneMessage> {
    return this.#forum.waitForMessage(predicate, options);
  }

  waitForTopic(predicate: (topic: PhoneTopic) => boolean, options?: WaitOptions): Promise<PhoneTopic> {
    return this.#forum.waitForTopic(predicate, options);
  }

  /** Resolves with the first call that satisfies the predicate, past or to come. */
  waitForCall(predicate: (call: TelegramCall) => boolean, options?: WaitOptions): Promise<TelegramCall> {
    return whenSeen(this.#parts.changes, () => this.#calls.find(predicate), { what: 'the call', ...options });
  }

  /** @returns a function that withdraws what is left of the fault */
  fault(rule: FaultRule): () => void {
    return this.#parts.faults.add(rule);
  }

  /** Strikes calls at random, where no fault strikes them anyway. @returns a function that ends it */
  storm(storm: Storm): () => void {
    return this.#parts.faults.storm(storm);
  }

  /** The updates that this process put in the bot's queue, oldest first (the newest 1,000). */
  updates(): readonly Update[] {
    return this.#parts.updates.history();
  }

  /** Delivers an update once more, even if the bot confirmed it. Throws RangeError if there was no such update. */
  replay(updateId: number): void {
    this.#parts.updates.replay(updateId);
  }

  /** Each of the next `count` updates is delivered so many times, each time once the one before was confirmed. @returns a function that withdraws it */
  deliverTimes(times: number, count = 1): () => void {
    return this.#parts.updates.repeat(times, count);
  }

  /**
   * The next `count` updates are held until all are there, and then come the last one first, or shuffled by `seed`.
   * @returns a function that lets go what is held, in order
   */
  reorder(count: number, options: { readonly seed?: number } = {}): () => void {
    const { seed } = options;
    return this.#parts.updates.reorder(count, seed === undefined ? undefined : randomFrom(seed));
  }

  /** The next message that somebody writes comes only after its first edit. @returns as for `reorder` */
  editFirst(): () => void {
    return this.#parts.updates.editFirst();
  }

  /** Changes what the bot is and may in a chat, the forum unless told; the bot gets `my_chat_member`. */
  setBotMembership(change: Partial<BotMembership>, chatId: string | number = this.forumChatId): void {
    this.#parts.rooms.at(chatId).setMembership(this.#owner(chatId), change);
  }

  /** Cuts the connections and writes the file. The state stays readable. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening?.close();
    await this.#parts.file?.flush();
  }

  get #forum(): ChatView {
    return new ChatView(this.#parts.rooms.forum, this.#parts.changes);
  }

  get #holder(): OperatorName {
    return this.options.phoneOperator ?? { name: 'Alex', username: 'alex' };
  }

  get #phone() {
    return {
      platform: 'telegram' as const,
      screen: (url: URL) => screenFor(this.#parts.rooms, this.#holder, url),
      allowedHosts: this.options.allowedHosts ?? [],
      closing: this.#closing.signal,
    };
  }

  /** Who does what nobody in particular does: the person of a private chat, whoever holds the phone elsewhere. */
  #owner(chatId: string | number) {
    const { state, chat } = this.#parts.rooms.at(chatId);
    const person = chat.personId === undefined ? undefined : state.users.get(chat.personId);
    return person ?? this.operator(this.#holder).user;
  }

  #record(call: TelegramCall): void {
    this.#calls.push(call);
    if (this.#calls.length > CALLS_KEPT) this.#calls.shift();
    this.#parts.changes.tell({ type: 'call' });
  }
}
