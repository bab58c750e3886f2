import type { SessionId } from '@pocketping/protocol';
import { PocketPingError } from './errors.js';
import { originOf } from './mirror/origin.js';
import type { Actor, LogEntry, Session } from './model/index.js';
import type { Clock, Logger } from './ports/index.js';
import {
  type CustomEvent,
  customEvent,
  type PublicMessage,
  type PublicSession,
  publicMessage,
  publicSession,
} from './views.js';

/** A session began. */
export type SessionHandler = (session: PublicSession) => unknown;
/** Somebody wrote: the visitor, or an operator from a messaging app. */
export type MessageHandler = (session: PublicSession, message: PublicMessage) => unknown;
/** Something happened on a visitor's page. */
export type EventHandler = (event: CustomEvent, session: PublicSession) => unknown;

interface Subscription<H> {
  /** Of the events that it is for. */
  readonly name: string;
  readonly handler: H;
}

/** Handlers of every event stand under this name. */
const EVERY = '*';

/** How long a handler may take before the next one of its session is called all the same. */
const PATIENCE_MS = 30_000;

/** A message that the site's own code sent: its handlers know of it already. */
export const SITE = 'site';

/**
 * The site's handlers: called after the commit, on the node that committed, at most once, in order per session. Each is handed values of
 * its own. What they throw is logged; one that hangs delays only its own session. What is no function is refused (`validation_failed`).
 */
export class Callbacks {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #sessionHandlers: Subscription<SessionHandler>[] = [];
  readonly #messageHandlers: Subscription<MessageHandler>[] = [];
  readonly #eventHandlers: Subscription<EventHandler>[] = [];
  readonly #lines = new Map<SessionId, Promise<void>>();
  /** How many commits wait for their turn. */
  #waiting = 0;
  #isOver = false;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  onSessionStart(handler: SessionHandler): void {
    requireFunction('onSessionStart', handler);
    this.#sessionHandlers.push({ name: EVERY, handler });
  }

  onMessage(handler: MessageHandler): void {
    requireFunction('onMessage', handler);
    this.#messageHandlers.push({ name: EVERY, handler });
  }

  /** @param name of the events, or `*` for all */
  onEvent(name: string, handler: EventHandler): void {
    requireFunction('onEvent', handler);
    this.#eventHandlers.push({ name, handler });
  }

  /** Takes back the newest `onEvent` with this name and handler: it is not called any more. Harmless where there was none. */
  offEvent(name: string, handler: EventHandler): void {
    const index = this.#eventHandlers.findLastIndex(
      (known) => known.name === name && known.handler === handler,
    );
    if (index >= 0) this.#eventHandlers.splice(index, 1);
  }

  /** Resolves when the handlers have finished of all that was told, after half a minute at the latest; then none is called any more. */
  async finish(): Promise<void> {
    if (this.#lines.size === 0) {
      this.#isOver = true;
      return;
    }
    const patience = new AbortController();
    const outOfTime = this.#clock.sleep(PATIENCE_MS, patience.signal);
    const letGo = this.#clock.keepAlive?.();
    await Promise.race([this.#idle(), outOfTime]);
    patience.abort();
    letGo?.();
    this.#isOver = true;
    if (this.#lines.size === 0) return;
    this.#logger.warn(
      { sessions: this.#lines.size, waiting: this.#waiting },
      `handlers have not finished after ${PATIENCE_MS / 1000} s; the engine stops, and those that wait are not called`,
    );
  }

  tell(session: Session, entries: readonly LogEntry[]): void {
    // The backend that has the session calls its own.
    if (originOf(session) !== undefined) return;
    for (const { event, message } of entries) {
      if (event.type === 'session_started') {
        this.#call('onSessionStart', session, this.#sessionHandlers, (handler) =>
          handler(publicSession(session)),
        );
      } else if (event.type === 'message' && message?.audience === 'all' && !isSite(event.actor)) {
        this.#call('onMessage', session, this.#messageHandlers, (handler) =>
          handler(publicSession(session), publicMessage(message)),
        );
      } else if (event.type === 'custom_event' && event.actor.kind === 'visitor') {
        const { at, data } = event;
        const meant = ({ name }: Subscription<EventHandler>) => name === data.name || name === EVERY;
        this.#call(
          'onEvent',
          session,
          this.#eventHandlers,
          (handler) => handler(customEvent(session.id, at, data), publicSession(session)),
          meant,
        );
      }
    }
  }

  /**
   * @param subscribed of whom those are called that are there when its turn has come, and have not been taken back when theirs has
   * @param call makes what is handed out anew for each
   */
  #call<H>(
    callback: string,
    session: Session,
    subscribed: readonly Subscription<H>[],
    call: (handler: H) => unknown,
    isMeant: (subscription: Subscription<H>) => boolean = () => true,
  ): void {
    if (this.#isOver || !subscribed.some(isMeant)) return;
    this.#waiting++;
    const before = this.#lines.get(session.id) ?? Promise.resolve();
    const line = before.then(async () => {
      this.#waiting--;
      for (const subscription of subscribed.filter(isMeant)) {
        if (this.#isOver || !subscribed.includes(subscription)) continue;
        await this.#run(callback, session.id, () => call(subscription.handler));
      }
    });
    this.#lines.set(session.id, line);
    void line.then(() => {
      if (this.#lines.get(session.id) === line) this.#lines.delete(session.id);
    });
  }

  /** Resolves when nobody runs or waits. */
  async #idle(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines.values());
  }

  async #run(name: string, sessionId: SessionId, call: () => unknown): Promise<void> {
    const over = new AbortController();
    const handled = (async () => call())().catch((err: unknown) => {
      this.#logger.error({ err, sessionId, callback: name }, `${name} failed; the conversation goes on`);
    });
    const patience = this.#clock.sleep(PATIENCE_MS, over.signal).then(() => {
      if (over.signal.aborted) return;
      this.#logger.warn(
        { sessionId, callback: name },
        `${name} has not finished after ${PATIENCE_MS / 1000} s; not waiting for it`,
      );
    });
    await Promise.race([handled, patience]);
    over.abort();
  }
}

const requireFunction = (method: string, handler: unknown): void => {
  if (typeof handler === 'function') return;
  throw new PocketPingError(
    'validation_failed',
    `${method}: the handler must be a function, but is ${handler === null ? 'null' : typeof handler}.`,
  );
};

/** Visitors choose their ids, and operators have those of their platform: `SITE` alone names nobody. */
const isSite = ({ kind, id, via }: Actor): boolean => id === SITE && kind !== 'visitor' && via === undefined;
