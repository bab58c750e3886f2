import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { servePhone } from '../phone/routes.js';
import type { FaultRule, Storm } from '../telegram/faults.js';
import { type Listening, listen } from '../telegram/listening.js';
import { randomFrom } from '../telegram/random.js';
import { type WaitOptions, whenSeen } from '../telegram/waiting.js';
import { assemble, type DiscordParts } from './assemble.js';
import { Calls } from './calls.js';
import type { DiscordGateway } from './gateway.js';
import type { Guild } from './guild.js';
import { DiscordOperator } from './operator.js';
import type { DiscordEmulatorOptions } from './options.js';
import type { Permission } from './permissions.js';
import { type DiscordCall, type RestDependencies, serveFile, serveRest } from './rest.js';
import { byAge } from './snowflake.js';
import { ChannelType } from './state.js';
import { type DiscordMessage, type DiscordThread, messageView, threadView } from './view.js';

/**
 * Discord with one server, a bot in it, a channel, and people: the REST API, the gateway, and a phone.
 *
 * @example
 * const discord = await DiscordEmulator.start();
 * const client = new Client({ intents, rest: { api: discord.apiRoot } });
 */
export class DiscordEmulator {
  readonly botToken: string;
  /** The channel in which the team answers. */
  readonly channelId: string;
  /** What passes over the gateway, and what goes wrong with it. */
  readonly gateway: DiscordGateway;
  readonly #parts: DiscordParts;
  readonly #guild: Guild;
  readonly #rest: RestDependencies;
  readonly #calls = new Calls();
  readonly #closing = new AbortController();
  #listening: Listening | undefined;

  /** Listens, and resolves when calls can come. Rejects if the port is taken or the file is unreadable. */
  static async start(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
    const emulator = new DiscordEmulator(options);
    const { port = 0, host = '127.0.0.1' } = options;
    try {
      if (options.listen ?? true)
        emulator.#listening = await listen(emulator.handler, port, host, emulator.upgrade);
    } catch (error) {
      emulator.#parts.file?.abandon();
      throw error;
    }
    return emulator;
  }

  private constructor(private readonly options: DiscordEmulatorOptions) {
    const called = (call: DiscordCall): void => {
      this.#calls.add(call);
      this.#guild.changes.tell({ type: 'call' });
    };
    this.#parts = assemble(
      options,
      called,
      this.#closing.signal,
      () => this.gatewayUrl,
      () => this.#origin,
    );
    const { state, guild, gateway, rest } = this.#parts;
    this.botToken = state.botToken;
    this.channelId = state.channelId;
    this.#guild = guild;
    this.gateway = gateway;
    this.#rest = rest;
  }

  /** Where the API is, for a client's `rest.api`: `http://127.0.0.1:<port>/api`. */
  get apiRoot(): string {
    return `${this.#origin}/api`;
  }

  get gatewayUrl(): string {
    return `${this.#origin.replace(/^http/, 'ws')}/gateway`;
  }

  /** The page of the operator's phone. */
  get phoneUrl(): string {
    return `${this.#origin}/phone`;
  }

  get guildId(): string {
    return this.#guild.id;
  }

  get botId(): string {
    return this.#guild.bot.id;
  }

  /** The calls that reached the API, oldest first (the newest 10,000). */
  get calls(): readonly DiscordCall[] {
    return this.#calls.all;
  }

  /** How often the bot ran into the rate limits that the option `limits` enforces. */
  get limitsExceeded(): number {
    return this.#rest.limiter?.exceeded ?? 0;
  }

  /**
   * Answers the API (`/api/…`), the files (`/attachments/…`) and the phone (`/phone…`), so that an app can serve both from its own server.
   * @returns false, and does nothing, if the address is none of these
   */
  readonly handler = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    return (
      serveRest(this.#rest, request, response, url) ||
      serveFile(this.#rest, request, response, url) ||
      servePhone(this.#phone, request, response, url)
    );
  };

  /**
   * Takes the connections to the gateway (`/gateway`).
   * @returns false, and does nothing, if the address is another one
   */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (!/^\/gateway\/?(?:\?|$)/.test(request.url ?? '')) return false;
    this.#parts.gateway.upgrade(request, socket, head);
    return true;
  };

  /** A person of the team; the same name is the same person. */
  operator(name: string): DiscordOperator {
    return new DiscordOperator(this.#guild, this.#guild.userNamed(name, false));
  }

  /** Another bot on the server. */
  otherBot(name: string): DiscordOperator {
    return new DiscordOperator(this.#guild, this.#guild.userNamed(name, true));
  }

  /**
   * @param options.requireTag in a forum: nobody posts there without a tag
   * @returns the new channel's id
   */
  addChannel(
    name: string,
    type: 'text' | 'forum' | 'voice' = 'text',
    options: { requireTag?: boolean } = {},
  ): string {
    return this.#guild.addChannel(name, ChannelType[type], options.requireTag).id;
  }

  /** Makes a webhook for a channel. @returns its URL */
  addWebhook(channelId: string = this.channelId, name = 'Website'): string {
    const webhook = this.#guild.addWebhook(channelId, name);
    return `${this.apiRoot}/webhooks/${webhook.id}/${webhook.token}`;
  }

  /** Somebody deletes a webhook. */
  removeWebhook(url: string): void {
    const [, id = ''] = /\/webhooks\/(\d+)\//.exec(url) ?? [];
    this.#guild.removeWebhook(id);
  }

  /** The threads of a channel, in order of creation, archived ones included. */
  threads(parentId: string = this.channelId): DiscordThread[] {
    return this.#guild.threadsIn(parentId).sort(byAge).map(threadView);
  }

  thread(id: string): DiscordThread | undefined {
    const thread = this.#guild.threads.get(id);
    return thread && threadView(thread);
  }

  /** What stands in a thread or channel, oldest first, service messages included. */
  messages(channelId: string): DiscordMessage[] {
    return this.#guild.messagesIn(channelId).map((message) => messageView(this.#guild, message));
  }

  /** A message, even a deleted one. */
  message(id: string): DiscordMessage | undefined {
    const message = this.#guild.messages.get(id);
    return message && messageView(this.#guild, message);
  }

  /** Resolves with the first message that satisfies the predicate, past or to come. */
  waitForMessage(
    predicate: (message: DiscordMessage) => boolean,
    options?: WaitOptions,
  ): Promise<DiscordMessage> {
    const look = () =>
      [...this.#guild.messages.values()]
        .sort(byAge)
        .map((message) => messageView(this.#guild, message))
        .find(predicate);
    return whenSeen(this.#guild.changes, look, { what: 'the message', ...options });
  }

  waitForThread(
    predicate: (thread: DiscordThread) => boolean,
    options?: WaitOptions,
  ): Promise<DiscordThread> {
    const look = () => [...this.#guild.threads.values()].sort(byAge).map(threadView).find(predicate);
    return whenSeen(this.#guild.changes, look, { what: 'the thread', ...options });
  }

  /** Resolves with the first call that satisfies the predicate, past or to come. */
  waitForCall(predicate: (call: DiscordCall) => boolean, options?: WaitOptions): Promise<DiscordCall> {
    return whenSeen(this.#guild.changes, () => this.#calls.all.find(predicate), {
      what: 'the call',
      ...options,
    });
  }

  /** `method` of the rule is the route, such as `POST /channels/{channel}/messages`. @returns a function that withdraws it */
  fault(rule: FaultRule): () => void {
    return this.#rest.faults.add(rule);
  }

  /** Strikes calls at random, where no fault strikes them anyway. @returns a function that ends it */
  storm(storm: Storm): () => void {
    return this.#rest.faults.storm(storm);
  }

  /** Takes permissions from the bot. @returns a function that gives them back */
  deny(...permissions: readonly Permission[]): () => void {
    for (const permission of permissions) this.#guild.permissions.delete(permission);
    return () => this.grant(...permissions);
  }

  grant(...permissions: readonly Permission[]): void {
    for (const permission of permissions) this.#guild.permissions.add(permission);
  }

  /** Whether the application may have the content of messages, a privileged intent. */
  setMessageContent(allowed: boolean): void {
    this.#parts.gateway.withoutContent = !allowed;
  }

  /** Each of the next `count` events that people cause comes so many times. @returns a function that withdraws it */
  deliverTimes(times: number, count = 1): () => void {
    return this.#parts.gateway.repeat(times, count);
  }

  /**
   * The next `count` events that people cause are held until all are there, and then come the last one first, or
   * shuffled by `seed`.
   * @returns a function that lets go what is held, in order
   */
  reorder(count: number, { seed }: { readonly seed?: number } = {}): () => void {
    return this.#parts.gateway.reorder(count, seed === undefined ? undefined : randomFrom(seed));
  }

  /** Cuts the connections and writes the file. The state stays readable. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#parts.gateway.close();
    await this.#listening?.close();
    await this.#parts.file?.flush();
  }

  get #phone() {
    const { allowedHosts = [], phoneOperator = 'Alex' } = this.options;
    return {
      platform: 'discord' as const,
      screen: (url: URL) => {
        const name = url.searchParams.get('as')?.trim().slice(0, 64) || phoneOperator;
        return this.#parts.desk.screen(() => this.operator(name));
      },
      allowedHosts,
      closing: this.#closing.signal,
    };
  }

  get #origin(): string {
    return this.#listening?.origin ?? 'http://discord.invalid';
  }
}
