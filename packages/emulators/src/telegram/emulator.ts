import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { servePhone } from '../phone/routes.js';
import { Changes } from './changes.js';
import { type FaultRule, Faults } from './faults.js';
import { Forum } from './forum.js';
import { botMember } from './methods/chat.js';
import { Operator, type OperatorName } from './operator.js';
import { load, StateFile } from './persist.js';
import { type ApiDependencies, serveApi, type TelegramCall } from './server.js';
import { type PhoneEntry, type PhoneMessage, type PhoneTopic, phoneMessage, phoneTopic } from './snapshot.js';
import { type BotMembership, type EmulatorState, GENERAL, newState } from './state.js';
import type { Update } from './types.js';
import { UpdateQueue } from './updates.js';
import { type WaitOptions, whenSeen } from './waiting.js';
import { toChat } from './wire.js';

export interface TelegramEmulatorOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** `127.0.0.1` unless told. */
  readonly host?: string;
  /** Invented, in the usual form, unless told or kept in the file. */
  readonly botToken?: string | undefined;
  /** The supergroup's id, `-100…`; invented unless told or kept in the file. */
  readonly forumChatId?: string | number | undefined;
  /** The group's name. */
  readonly title?: string | undefined;
  /** Who holds the phone of the page, unless the page is opened with `?as=<name>`. */
  readonly phoneOperator?: OperatorName;
  /** A file that keeps everything across restarts. */
  readonly file?: string | undefined;
  /** Host names besides `localhost` and IP addresses under which the phone page may be opened. */
  readonly allowedHosts?: readonly string[];
  /** Unix time in milliseconds, for dates and the age of updates. */
  readonly clock?: { now(): number };
}

/** Calls that are remembered; older ones go. */
const CALLS_KEPT = 10_000;

/**
 * A Bot API server with one bot, one forum group and the phones of its members.
 *
 * @example
 * const telegram = await TelegramEmulator.start();
 * const bot = new Bot(telegram.botToken, { client: { apiRoot: telegram.apiRoot } });
 */
export class TelegramEmulator {
  readonly #calls: TelegramCall[] = [];
  readonly #changes = new Changes();
  readonly #faults = new Faults();
  readonly #closing = new AbortController();
  readonly #state: EmulatorState;
  readonly #updates: UpdateQueue;
  readonly #forum: Forum;
  readonly #file: StateFile | undefined;
  readonly #now: () => number;
  readonly #server: Server;
  #origin = '';

  /** Listens, and resolves when calls can come. Rejects if the port is taken or the file is unreadable. */
  static async start(options: TelegramEmulatorOptions = {}): Promise<TelegramEmulator> {
    const emulator = new TelegramEmulator(options);
    await emulator.#listen(options.port ?? 0, options.host ?? '127.0.0.1');
    return emulator;
  }

  private constructor(private readonly options: TelegramEmulatorOptions) {
    const { clock, file } = options;
    this.#now = clock ? () => clock.now() : Date.now;
    this.#state = initialState(options, this.#now());
    this.#file = file === undefined ? undefined : new StateFile(file, () => this.#state);
    this.#updates = new UpdateQueue(this.#state, this.#now, () => this.#file?.changed());
    this.#forum = new Forum(this.#state, this.#changes, this.#updates, this.#now);
    this.#changes.listen(({ type }) => type !== 'call' && this.#file?.changed());
    this.#server = createServer((request, response) => {
      if (!this.handler(request, response)) notHere(response);
    });
    this.#file?.changed();
  }

  /** Where the API is, for a client's `apiRoot`: `http://127.0.0.1:<port>`. */
  get apiRoot(): string {
    return this.#origin;
  }

  /** The page of the operator's phone. */
  get phoneUrl(): string {
    return `${this.#origin}/phone`;
  }

  get botToken(): string {
    return this.#state.botToken;
  }

  get forumChatId(): string {
    return String(this.#state.chat.id);
  }

  /** The calls that reached the API, oldest first (the newest 10,000). */
  get calls(): readonly TelegramCall[] {
    return this.#calls;
  }

  /**
   * Answers the API (`/bot<token>/…`) and the phone (`/phone…`), so that an app can serve both from its own server.
   * @returns false, and does nothing, if the address is none of these
   */
  readonly handler = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    return serveApi(this.#api, request, response, url) || servePhone(this.#phone, request, response, url);
  };

  /** A person of the team; the same name is the same person. */
  operator(name: OperatorName): Operator {
    return new Operator(this.#forum, name);
  }

  /** The topics that exist, in order of creation, without General. */
  topics(): PhoneTopic[] {
    return [...this.#state.topics.values()]
      .filter((topic) => topic.id !== GENERAL && !topic.deleted)
      .map(phoneTopic);
  }

  /** The messages of a topic that exist, oldest first, service messages included. General is topic 1. */
  messages(topicId: number): PhoneMessage[] {
    return this.#forum.messagesOf(topicId).map((message) => phoneMessage(this.#state, message));
  }

  /** A message, even a deleted one. */
  message(id: number): PhoneMessage | undefined {
    const message = this.#state.messages.get(id);
    return message && phoneMessage(this.#state, message);
  }

  /** A topic, even a deleted one. */
  topic(id: number): PhoneTopic | undefined {
    const topic = this.#state.topics.get(id);
    return topic && phoneTopic(topic);
  }

  /** A teammate deletes the topic. The bot learns it from its next call. */
  deleteTopic(topicId: number): void {
    this.operator(this.#phone.operator).deleteTopic(topicId);
  }

  /**
   * Resolves with the first topic or message that satisfies the predicate: one that is there, or the one that
   * appears or changes so that it does. What was deleted is offered too, with `deleted` and without content.
   * @throws Error when the time is over
   */
  waitFor<T extends PhoneEntry>(
    predicate: (entry: PhoneEntry) => entry is T,
    options?: WaitOptions,
  ): Promise<T>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry> {
    return whenSeen(this.#changes, () => this.#entries().find(predicate), options);
  }

  waitForMessage(
    predicate: (message: PhoneMessage) => boolean,
    options?: WaitOptions,
  ): Promise<PhoneMessage> {
    const wanted = (entry: PhoneEntry): entry is PhoneMessage => entry.kind === 'message' && predicate(entry);
    return this.waitFor(wanted, { what: 'the message', ...options });
  }

  waitForTopic(predicate: (topic: PhoneTopic) => boolean, options?: WaitOptions): Promise<PhoneTopic> {
    const wanted = (entry: PhoneEntry): entry is PhoneTopic => entry.kind === 'topic' && predicate(entry);
    return this.waitFor(wanted, { what: 'the topic', ...options });
  }

  /** Resolves with the first call that satisfies the predicate, past or to come. */
  waitForCall(predicate: (call: TelegramCall) => boolean, options?: WaitOptions): Promise<TelegramCall> {
    return whenSeen(this.#changes, () => this.#calls.find(predicate), { what: 'the call', ...options });
  }

  /** @returns a function that withdraws what is left of the fault */
  fault(rule: FaultRule): () => void {
    return this.#faults.add(rule);
  }

  /** The updates that this process put in the bot's queue, oldest first (the newest 1,000). */
  updates(): readonly Update[] {
    return this.#updates.history();
  }

  /** Delivers an update once more, even if the bot confirmed it. Throws RangeError if there was no such update. */
  replay(updateId: number): void {
    this.#updates.replay(updateId);
  }

  /** Changes the bot's rights, or removes it from the group; the bot gets `my_chat_member`. */
  setBotMembership(change: Partial<BotMembership>): void {
    const before = botMember(this.#forum, this.#state.membership);
    this.#state.membership = { ...this.#state.membership, ...change };
    this.#file?.changed();
    this.#updates.push('my_chat_member', {
      chat: toChat(this.#state),
      from: this.operator(this.#phone.operator).user,
      date: Math.floor(this.#now() / 1000),
      old_chat_member: before,
      new_chat_member: botMember(this.#forum, this.#state.membership),
    });
  }

  /** Cuts the connections and writes the file. The state stays readable. */
  async close(): Promise<void> {
    this.#closing.abort();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    await this.#file?.flush();
  }

  get #api(): ApiDependencies {
    return {
      context: { forum: this.#forum, updates: this.#updates },
      faults: this.#faults,
      called: (call) => this.#record(call),
      now: this.#now,
      closing: this.#closing.signal,
    };
  }

  get #phone() {
    return {
      forum: this.#forum,
      operator: this.options.phoneOperator ?? { name: 'Alex', username: 'alex' },
      allowedHosts: this.options.allowedHosts ?? [],
      closing: this.#closing.signal,
    };
  }

  #record(call: TelegramCall): void {
    this.#calls.push(call);
    if (this.#calls.length > CALLS_KEPT) this.#calls.shift();
    this.#changes.tell({ type: 'call' });
  }

  #entries(): PhoneEntry[] {
    const topics = [...this.#state.topics.values()].map(phoneTopic);
    return [
      ...topics,
      ...[...this.#state.messages.values()].map((message) => phoneMessage(this.#state, message)),
    ];
  }

  async #listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    }).catch((error: unknown) => {
      this.#file?.abandon();
      throw error;
    });
    const { port: chosen } = this.#server.address() as AddressInfo;
    this.#origin = `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
  }
}

/** What the file holds, unless it belongs to another bot or group than the options name. */
function initialState(options: TelegramEmulatorOptions, nowMs: number): EmulatorState {
  const saved = options.file === undefined ? undefined : load(options.file);
  const sameBot = saved && (options.botToken ?? saved.botToken) === saved.botToken;
  const sameChat = saved && Number(options.forumChatId ?? saved.chat.id) === saved.chat.id;
  return saved && sameBot && sameChat ? saved : newState(options, nowMs);
}

const notHere = (response: ServerResponse): void => {
  const body = JSON.stringify({ ok: false, error_code: 404, description: 'Not Found' });
  response.writeHead(404, { 'content-type': 'application/json' }).end(body);
};
