import type { AttachmentId, SessionId, WireIdentity } from '@pocketping/protocol';
import { filesOf } from './attachments/files.js';
import { bytesOf } from './attachments/open.js';
import { noBroker } from './broker/none.js';
import { type EventHandler, type MessageHandler, type SessionHandler, SITE } from './callbacks.js';
import { systemClock } from './clock.js';
import type { Conversation } from './conversation/conversation.js';
import { verifyIdentity } from './conversation/identify.js';
import { checkedSubscription } from './events/checked.js';
import { type EmitOptions, emitEvent } from './events/emit.js';
import type { Drained, Health } from './health.js';
import { consoleLogger, neverThrowing } from './logger.js';
import type { Mirror } from './mirror/mirror.js';
import type { Actor } from './model/index.js';
import { checkOptions, ENGINE_OPTIONS } from './options/check.js';
import type { PocketPingOptions } from './options/options.js';
import type { StopOptions } from './options/stop.js';
import { unknownOptions } from './options/unknown.js';
import type { Bridge, Clock, IncomingWebhook, Logger, WebhookResponse } from './ports/index.js';
import { Runtime } from './runtime.js';
import { checkedId } from './site/arguments.js';
import {
  type DeadLetter,
  type DeadLetterKey,
  type DeadLetterQuery,
  deadLetters,
  retryDeadLetter,
} from './site/dead-letters.js';
import { type DrainOptions, withinMsOf } from './site/drain.js';
import { type SiteMessage, sendMessage } from './site/send-message.js';
import {
  allMessages,
  anySession,
  closeSession,
  type MessagesOptions,
  openSessions,
} from './site/sessions.js';
import { wholeStorage } from './storage/whole.js';
import {
  type CustomEvent,
  type PublicMessage,
  type PublicSession,
  publicMessage,
  publicSession,
} from './views.js';

const site: Actor = { kind: 'system', id: SITE };

/**
 * The conversation engine of one site. The first use starts it; `start` does so explicitly and says what is wrong.
 * All methods throw `PocketPingError`.
 */
export class PocketPing {
  /** What visitors do; the protocol's adapters call it. */
  readonly conversation: Conversation;
  /** What backends do whose sessions are mirrored here; the bridge API calls it. */
  readonly mirror: Mirror;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The storage that it was given; undefined where it keeps conversations in memory. */
  readonly storage: PocketPingOptions['storage'];
  readonly #runtime: Runtime;

  /** @throws PocketPingError `validation_failed` for an option that cannot work. A name that is no option is a warning of the log. */
  constructor(options: PocketPingOptions = {}) {
    checkOptions(options);
    this.clock = options.clock ?? systemClock;
    this.logger = neverThrowing(options.logger ?? consoleLogger);
    this.storage = options.storage;
    for (const problem of unknownOptions(options, ENGINE_OPTIONS)) this.logger.warn({}, problem);
    if (!options.storage) {
      this.logger.warn(
        {},
        'no storage is configured: conversations are kept in memory and end with this process',
      );
    }
    this.#runtime = new Runtime({
      storage: wholeStorage(options.storage, this),
      broker: options.broker ?? noBroker,
      clock: this.clock,
      logger: this.logger,
      welcomeMessage: options.welcomeMessage,
      commands: options.commands ?? [],
      files: filesOf(options.files, options.uploads ?? {}, options.publicUrl),
      quietEvents: options.quietEvents ?? [],
    });
    this.conversation = this.#runtime.conversation;
    this.mirror = this.#runtime.mirror;
    for (const bridge of [...(options.bridge ? [options.bridge] : []), ...(options.bridges ?? [])]) {
      this.addBridge(bridge);
    }
    if (options.onSessionStart) this.onSessionStart(options.onSessionStart);
    if (options.onMessage) this.onMessage(options.onMessage);
    if (options.onEvent) this.onEvent('*', options.onEvent);
  }

  /** Adds a bridge, and its siblings; on a running engine they start at once. @throws `conflict` when the name is taken. */
  addBridge(bridge: Bridge): this {
    this.#runtime.addBridge(bridge);
    return this;
  }

  /** Calls `handler` for every session that begins. What it throws is logged. */
  onSessionStart(handler: SessionHandler): this {
    this.#runtime.callbacks.onSessionStart(handler);
    return this;
  }

  /** Calls `handler` for every message, in order per session. What it throws is logged. */
  onMessage(handler: MessageHandler): this {
    this.#runtime.callbacks.onMessage(handler);
    return this;
  }

  /**
   * Calls `handler` for every custom event of this name that a visitor's page triggers; `*` is every name. On the node that
   * took the event, after it was stored, in order per session. What it throws is logged. @throws `validation_failed`
   */
  onEvent(name: string, handler: EventHandler): this {
    this.#runtime.callbacks.onEvent(checkedSubscription('onEvent', name), handler);
    return this;
  }

  /**
   * Takes an `onEvent` back, the newest with this name and handler: it is not called any more, not even for an event whose handlers are being
   * called just now. Harmless where there was none. @throws `validation_failed`
   */
  offEvent(name: string, handler: EventHandler): this {
    this.#runtime.callbacks.offEvent(checkedSubscription('offEvent', name), handler);
    return this;
  }

  /**
   * Prepares the storage and starts the bridges. A platform that cannot be reached is tried again in the background.
   * @throws BridgeError when a person has to do something first; then nothing runs.
   */
  start(): Promise<void> {
    return this.#runtime.start();
  }

  /**
   * Ends streams and takes nothing more from visitors, lets the handlers finish of what was taken before, which can use the engine as ever,
   * for 30 seconds at most; then ends the bridges and closes the storage. A stopped engine stays stopped.
   * @param options `keepStorage` leaves the storage open, for another engine that was given the same one
   */
  stop(options: StopOptions = {}): Promise<void> {
    return this.#runtime.stop(options);
  }

  /** How the engine and its bridges are. */
  health(): Promise<Health> {
    return this.#runtime.health();
  }

  /**
   * Brings the bridges up to the log: resolves when they have nothing left to do, or after `withinMs`, and says what is left. For
   * where a process does not go on by itself: after a request, or from a cron. What is left is done the next time.
   * @throws `validation_failed`
   */
  async drain(options: DrainOptions = {}): Promise<Drained> {
    return this.#runtime.drain(withinMsOf(options));
  }

  /** Names of the bridges that listen on a connection of their own, for which a process has to run all the time. */
  get connectedBridges(): readonly string[] {
    return this.#runtime.connected;
  }

  /**
   * Takes what a platform sent to the webhook of a bridge; the protocol's adapters call it. Any node may be called.
   * @throws `not_found` when no bridge of that name wants to be called; anything else means that it has to be sent again.
   */
  webhook(bridge: string, request: IncomingWebhook): Promise<WebhookResponse> {
    return this.#runtime.webhook(bridge, request);
  }

  /** All open sessions, newest first. */
  async getSessions(): Promise<PublicSession[]> {
    await this.#runtime.ready();
    return (await openSessions(this.#runtime.engine)).map(publicSession);
  }

  /** A session, or null. @throws `validation_failed` */
  async getSession(sessionId: SessionId): Promise<PublicSession | null> {
    await this.#runtime.ready();
    const session = await anySession(this.#runtime.engine, sessionId);
    return session && publicSession(session);
  }

  /**
   * All messages of a session, oldest first; with `notes` also what the team keeps to itself, marked as `isNote`, which
   * must not be shown to a visitor. @throws `validation_failed`, `session_not_found`
   */
  async getMessages(sessionId: SessionId, options: MessagesOptions = {}): Promise<PublicMessage[]> {
    await this.#runtime.ready();
    return (await allMessages(this.#runtime.engine, sessionId, options)).map(publicMessage);
  }

  /** The bytes of a message's file. @throws `validation_failed`, `not_found` */
  async readAttachment(attachmentId: AttachmentId): Promise<ReadableStream<Uint8Array>> {
    await this.#runtime.ready();
    return bytesOf(this.#runtime.engine, checkedId('readAttachment', 'the attachment', attachmentId));
  }

  /** Closes a session for the team; the next message reopens it. @throws `validation_failed`, `session_not_found` */
  async closeSession(sessionId: SessionId): Promise<void> {
    await this.#runtime.ready();
    await closeSession(this.#runtime.engine, sessionId, site);
  }

  /**
   * Says something in a session: it reaches the widget and every bridge, and counts as the team's answer unless
   * `type` says otherwise. @throws `validation_failed`, `session_not_found`, `session_ended`
   */
  async sendMessage(sessionId: SessionId, message: SiteMessage): Promise<PublicMessage> {
    await this.#runtime.ready();
    return publicMessage(await sendMessage(this.#runtime.engine, sessionId, message));
  }

  /**
   * Tells the page of one session something. A visitor who is not there gets it when they are back, until its time has
   * passed: an hour, unless `ttlSeconds` says otherwise. The team is not shown it.
   * @param data a JSON object of at most 4,096 bytes and 8 levels
   * @throws `validation_failed`, `session_not_found`, `session_ended`
   */
  async emitEvent(
    sessionId: SessionId,
    name: string,
    data?: object,
    options: EmitOptions = {},
  ): Promise<CustomEvent> {
    await this.#runtime.ready();
    return emitEvent(this.#runtime.engine, sessionId, { name, data }, options);
  }

  /**
   * Tells every page that is connected now something, on all nodes. It is kept nowhere: whoever is not there misses it, and so may a page
   * that polls, between two polls. What must arrive is emitted.
   * @param data as of `emitEvent` @throws `validation_failed`
   */
  async broadcastEvent(name: string, data?: object): Promise<void> {
    await this.#runtime.ready();
    this.#runtime.broadcasts.send(name, data);
  }

  /**
   * Messages that a platform refused, even as plain text, or never confirmed, or that a bridge could not render: the first 100, bridge by bridge and the oldest
   * message first, and with `after` those that follow. @throws `validation_failed`
   */
  async listDeadLetters(query: DeadLetterQuery = {}): Promise<DeadLetter[]> {
    await this.#runtime.ready();
    return deadLetters(this.#runtime.engine, query);
  }

  /** Has the bridge post such a message again. Refused again, it is a dead letter again. @throws `validation_failed`, `not_found` */
  async retryDeadLetter(letter: DeadLetterKey): Promise<void> {
    await this.#runtime.ready();
    await retryDeadLetter(this.#runtime.engine, letter, site);
  }

  /**
   * Says who a visitor is. What the site's own backend says counts as verified.
   * @throws `validation_failed`, `session_not_found`, and `identity_conflict` when the session is verified as somebody else's
   */
  async identify(sessionId: SessionId, identity: WireIdentity): Promise<PublicSession> {
    await this.#runtime.ready();
    return publicSession(await verifyIdentity(this.#runtime.engine, sessionId, identity, site));
  }
}
