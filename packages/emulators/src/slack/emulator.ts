import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultRule, Storm } from '../telegram/faults.js';
import type { InProcessInit } from '../telegram/in-process.js';
import { type Listening, listen } from '../telegram/listening.js';
import { randomFrom } from '../telegram/random.js';
import { type WaitOptions, whenSeen } from '../telegram/waiting.js';
import { assemble, type SlackParts } from './assemble.js';
import { SlackOperator } from './operator.js';
import type { SlackEmulatorOptions } from './options.js';
import { fetchApi, serveApi, webhookPath } from './over-http.js';
import { servePhone } from './phone.js';
import { isVerified } from './push.js';
import type { Room } from './room.js';
import type { SlackCall } from './server.js';
import type { SlackSeen } from './snapshot.js';
import type { SlackSocketMode } from './socket-mode.js';
import type { SlackEvent } from './types.js';
import { clearThread, everythingIn, flowOf, messageAt, repliesIn } from './view.js';
import type { NewChannel, PersonName } from './workspace.js';

/** Calls that are remembered; older ones go. */
const CALLS_KEPT = 10_000;

/** Where the API is for those who reach it through `fetch` only. */
const NOWHERE = 'http://slack.invalid';

/**
 * A Slack workspace with one app and its bot, a channel in which the team is, and the team's phones: the Web API, the Events
 * API by HTTP and in Socket Mode, and an incoming webhook.
 *
 * @example
 * const slack = await SlackEmulator.start();
 * const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
 */
export class SlackEmulator {
  readonly #calls: SlackCall[] = [];
  readonly #closing = new AbortController();
  readonly #parts: SlackParts;
  #listening: Listening | undefined;
  #requestUrl: string | undefined;

  /** Listens, and resolves when calls can come. Rejects if the port is taken or the file is unreadable. */
  static async start(options: SlackEmulatorOptions = {}): Promise<SlackEmulator> {
    const emulator = new SlackEmulator(options);
    const { port = 0, host = '127.0.0.1' } = options;
    try {
      if (options.listen ?? true) {
        emulator.#listening = await listen(emulator.handler, port, host, emulator.#parts.sockets.upgrade);
      }
    } catch (error) {
      emulator.#parts.file?.abandon();
      throw error;
    }
    return emulator;
  }

  private constructor(private readonly options: SlackEmulatorOptions) {
    this.#requestUrl = options.requestUrl;
    // Everything that waits listens for the end.
    setMaxListeners(0, this.#closing.signal);
    const called = (call: SlackCall) => this.#record(call);
    this.#parts = assemble(
      options,
      called,
      this.#closing.signal,
      () => this.origin,
      () => this.#requestUrl,
    );
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return this.#listening?.origin ?? NOWHERE;
  }

  /** Where the Web API is, for a client's `slackApiUrl`. */
  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  /** An incoming webhook to the channel. */
  get webhookUrl(): string {
    return `${this.origin}${webhookPath(this.#parts.api)}`;
  }

  /** The page of the operator's phone. */
  get phoneUrl(): string {
    return `${this.origin}/phone`;
  }

  get botToken(): string {
    return this.#parts.state.secrets.botToken;
  }

  get appToken(): string {
    return this.#parts.state.secrets.appToken;
  }

  get signingSecret(): string {
    return this.#parts.state.secrets.signingSecret;
  }

  get channelId(): string {
    return this.#parts.state.channelId;
  }

  /** The bot as people mention it, without the `@`. */
  get botName(): string {
    return this.#parts.workspace.bot.realName;
  }

  get botUserId(): string {
    return this.#parts.state.app.botUserId;
  }

  /** What passes over the connections in Socket Mode, and what goes wrong with them. */
  get socketMode(): SlackSocketMode {
    return this.#parts.sockets;
  }

  /** The calls that reached the API, oldest first (the newest 10,000). */
  get calls(): readonly SlackCall[] {
    return this.#calls;
  }

  /**
   * Answers the API (`/api/…`), the incoming webhook (`/services/…`), files (`/upload…`, `/files-pri…`) and the phone (`/phone…`), so that an app can serve them
   * from its own server.
   * @returns false, and does nothing, if the address is none of these
   */
  readonly handler = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    return (
      serveApi(this.#parts.api, request, response, url) || servePhone(this.#phone, request, response, url)
    );
  };

  /**
   * Answers the API and the webhook in this process, without a socket: for a client's own `fetch`.
   * @throws TypeError when a fault cuts the connection, `AbortError` when the caller aborts
   */
  readonly fetch = (url: string | URL, init?: InProcessInit): Promise<Response> =>
    fetchApi(this.#parts.api, url, init);

  /** A person of the team, in the channel; the same name is the same person. */
  operator(name: PersonName): SlackOperator {
    return new SlackOperator(this.#parts.workspace, name, this.#room());
  }

  /** @returns the new channel's id */
  addChannel(channel: NewChannel): string {
    return this.#parts.workspace.add(channel).channel.id;
  }

  /** The messages in the channel's own flow, oldest first. */
  messages(channelId?: string): SlackSeen[] {
    return flowOf(this.#room(channelId));
  }

  /** The replies in a thread, oldest first. */
  thread(threadTs: string, channelId?: string): SlackSeen[] {
    return repliesIn(this.#room(channelId), threadTs);
  }

  /**
   * What is in a file.
   * @param id as of a message's `files`
   * @throws RangeError if there is no such file
   */
  fileBytes(id: string): Uint8Array {
    const bytes = this.#room().files.bytesOf(id);
    if (!bytes) throw new RangeError(`there is no file ${id}`);
    return bytes;
  }

  /** A message, even a deleted one. */
  message(ts: string, channelId?: string): SlackSeen | undefined {
    return messageAt(this.#room(channelId), ts);
  }

  /** Somebody deletes a thread, all of it. The app learns it as it learns of each message. */
  deleteThread(threadTs: string, channelId?: string): void {
    clearThread(this.#room(channelId), threadTs);
  }

  /** Archives the channel, or takes that back. */
  archive(on = true, channelId?: string): void {
    this.#room(channelId).set({ isArchived: on });
  }

  /** Adds the bot to the channel, or removes it. */
  setMember(isMember: boolean, channelId?: string): void {
    this.#room(channelId).set({ hasBot: isMember });
  }

  /** What the bot's token may do from now on. */
  setScopes(scopes: readonly string[]): void {
    this.#parts.state.scopes = scopes;
  }

  /** Where events are posted to from now on; undefined: to whoever is connected. */
  setRequestUrl(url: string | undefined): void {
    this.#requestUrl = url;
  }

  /** Asks the address of the events for its challenge, as the page of the app's settings does. */
  async verifyRequestUrl(): Promise<boolean> {
    const url = this.#requestUrl;
    if (url === undefined) throw new Error('there is no request URL');
    const { state, clock } = this.#parts;
    const { eventFetch = fetch } = this.options;
    const challenge = `challenge${Math.random().toString(36).slice(2)}`;
    return isVerified({ url, state, clock, fetch: eventFetch, closing: this.#closing.signal }, challenge);
  }

  /** The events that this process meant for the app, oldest first (the newest 1,000). */
  events(): readonly SlackEvent[] {
    return this.#parts.deliveries.history();
  }

  /** Events that have not been taken and may come again. */
  get pendingEvents(): number {
    return this.#parts.deliveries.pending;
  }

  /** Events that were tried as often as they are, and were never taken, in the order in which they were given up (the newest 1,000). */
  get lostEvents(): readonly SlackEvent[] {
    return this.#parts.deliveries.lost;
  }

  /** Delivers an event once more, even if it was taken. */
  replay(event: SlackEvent): void {
    this.#parts.deliveries.replay(event);
  }

  /** Each of the next `count` events comes so many times at once. @returns a function that withdraws it */
  deliverTimes(times: number, count = 1): () => void {
    return this.#parts.deliveries.repeat(times, count);
  }

  /**
   * The next `count` events are held until all are there, and then come the last one first, or shuffled by `seed`.
   * @returns a function that lets go what is held, in order
   */
  reorder(count: number, { seed }: { readonly seed?: number } = {}): () => void {
    return this.#parts.deliveries.reorder(count, seed === undefined ? undefined : randomFrom(seed));
  }

  /** Strikes the next calls. A `refuse` has its error in `description`. @returns a function that withdraws what is left of it */
  fault(rule: FaultRule): () => void {
    return this.#parts.faults.add(rule);
  }

  /** Strikes calls at random, where no fault strikes them anyway. @returns a function that ends it */
  storm(storm: Storm): () => void {
    return this.#parts.faults.storm(storm);
  }

  /** Resolves with the first message of the channel, in whichever thread, that satisfies the predicate. */
  waitForMessage(predicate: (message: SlackSeen) => boolean, options?: WaitOptions): Promise<SlackSeen> {
    const look = () => everythingIn(this.#room()).find(predicate);
    return whenSeen(this.#parts.changes, look, { what: 'the message', ...options });
  }

  /** Resolves with the first call that satisfies the predicate, past or to come. */
  waitForCall(predicate: (call: SlackCall) => boolean, options?: WaitOptions): Promise<SlackCall> {
    return whenSeen(this.#parts.changes, () => this.#calls.find(predicate), { what: 'the call', ...options });
  }

  /** Cuts the connections and writes the file. The state stays readable. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening?.close();
    await this.#parts.file?.flush();
  }

  get #phone() {
    return {
      workspace: this.#parts.workspace,
      operator: this.options.phoneOperator ?? { name: 'Alex' },
      allowedHosts: this.options.allowedHosts ?? [],
      closing: this.#closing.signal,
    };
  }

  #room(channelId: string = this.channelId): Room {
    return this.#parts.workspace.roomAt(channelId);
  }

  #record(call: SlackCall): void {
    this.#calls.push(call);
    if (this.#calls.length > CALLS_KEPT) this.#calls.shift();
    this.#parts.changes.tell({ type: 'call' });
  }
}
