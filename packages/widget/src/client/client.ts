import type {
  ChangeResponse,
  ConnectResponse,
  Frame,
  WireAttachment,
  WireEvent,
  WireIdentity,
  WireMessage,
  WirePresence,
} from '@pocketping/protocol';
import { createApi } from './api.js';
import { withAbsoluteUrls } from './attachments.js';
import { createConnection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';
import { createEvents } from './events.js';
import { notified, prompted } from './from-site.js';
import { loadOlder } from './history.js';
import { createOutbox } from './outbox.js';
import { persistence } from './persistence.js';
import { createReceipts } from './receipts.js';
import { emptyConversation, initialState, isFromTeam, type Link } from './state.js';
import { createStore } from './store.js';
import { tellPage } from './tell-page.js';
import { sendable } from './text.js';
import { applyAccepted, applyConnected, applyFrame, merge } from './timeline.js';
import { createTyping } from './typing.js';
import { createUploads } from './uploads.js';

export interface ClientOptions {
  /** Absolute, without a trailing slash. */
  readonly endpoint: string;
  readonly identity?: WireIdentity | undefined;
  readonly welcomeMessage?: string | undefined;
  /** A message of the team arrived. */
  readonly onMessage?: ((message: WireMessage) => void) | undefined;
  /** The site's own code tells this page something. */
  readonly onEvent?: ((event: WireEvent) => void) | undefined;
}

export type Client = ReturnType<typeof createClient>;

/** Everything about the chat except its looks. */
export function createClient(options: ClientOptions, environment: Environment) {
  const store = createStore({
    ...initialState(environment.online()),
    welcomeMessage: options.welcomeMessage,
  });
  const stored = persistence(environment.storage, options.endpoint);
  const life = new AbortController();
  const api = createApi(environment, options.endpoint, life.signal);
  let identity = options.identity;
  let toldIdentity: WireIdentity | undefined;
  let wasLive = false;

  const onConnected = (response: ConnectResponse) => {
    store.set(applyConnected(store.get(), response, options.welcomeMessage));
    response.messages.forEach(settle);
    outbox.reread();
    outbox.kick();
    files.kick();
    events.kick();
    if (identity && identity !== toldIdentity) tellIdentity(identity).catch(() => {});
  };

  const onFrame = (frame: Frame) => {
    if (frame.type === 'typing') return typing.teamTyped(frame.data);
    if (frame.type === 'event') return onEvent(frame.data);
    if (frame.type === 'session_closed' && frame.data.ended) return leaveEnded();
    store.set(applyFrame(store.get(), frame));
    if (frame.type !== 'message') return;
    settle(frame.data);
    if (isFromTeam(frame.data))
      tellPage(() => options.onMessage?.(withAbsoluteUrls(options.endpoint, frame.data)));
  };

  const onEvent = (event: WireEvent) => {
    if (event.name === 'open_chat') show(!store.get().open);
    if (event.name === 'notification') store.set(notified(store.get(), event));
    tellPage(() => options.onEvent?.(event));
  };

  const show = (unasked: boolean) => {
    store.set({ open: true, unasked });
    connection.start();
  };

  const onLink = (link: Link) => {
    store.set({ link });
    if (link !== 'live') return;
    outbox.kick();
    files.kick();
    events.kick();
    const isAgain = wasLive;
    wasLive = true;
    if (!isAgain) return;
    // Presence is not in the log: what changed between two connections, or two carriers, has to be asked for.
    api.get<WirePresence>('/presence', {}, connection.session()).then(
      (presence) => store.set({ presence }),
      () => {},
    );
  };

  const askIdentity = () => {
    toldIdentity = identity;
    return identity;
  };
  const connection = createConnection(environment, api, options.endpoint, stored, askIdentity, {
    onConnected,
    onFrame,
    onLink,
    onRefused(error) {
      outbox.refuse(error);
      events.refuse();
    },
  });
  const openOutbox = () =>
    createOutbox(environment, api, stored, connection, {
      onChange: (entries, waiting) =>
        store.set({
          unsent: entries.map((entry) => ({ ...entry, waiting: entry.clientMessageId === waiting })),
        }),
      onAccepted: (entry, sent) => store.set(applyAccepted(store.get(), entry, sent)),
    });
  const files = createUploads(environment, api, options.endpoint, connection, store);
  const events = createEvents(environment, api, stored, connection);
  const typing = createTyping(environment, api, connection, store);
  const receipts = createReceipts(environment, api, connection, store);

  let outbox = openOutbox();

  const settle = ({ clientMessageId, ...sent }: WireMessage) => {
    if (clientMessageId) outbox.settle(clientMessageId, sent);
  };

  const leaveEnded = () => {
    const session = connection.session();
    connection.stop();
    if (session) connection.leaveConversation(session);
    store.set({ ...emptyConversation, closed: 'visitor' });
    if (outbox.pending()) outbox.kick();
  };

  /** For requests whose result somebody is waiting for: they fail rather than wait for a connection. */
  const ask = async <T>(path: string, body: object): Promise<T> => {
    const session = connection.session();
    if (!session) throw new PocketPingError('network');
    return api.post<T>(path, body, session).catch((error: PocketPingError) => {
      if (error.status === 401) connection.leave(session, error);
      throw error;
    });
  };

  const tellIdentity = async (who: WireIdentity) => {
    toldIdentity = who;
    try {
      await ask('/identify', { identity: who });
    } catch (error) {
      if (asPocketPingError(error).code !== 'identity_conflict') throw error;
      startOver();
    }
  };

  const startOver = () => {
    const error = new PocketPingError('reset');
    const { open } = store.get();
    outbox.stop(error);
    files.stop();
    stored.clear();
    connection.stop();
    store.set({
      ...emptyConversation,
      unsent: [],
      notifications: [],
      presence: undefined,
      welcomeMessage: options.welcomeMessage,
    });
    outbox = openOutbox();
    if (open) connection.start();
  };

  const change = async (path: string, body: object) => {
    const { message } = await ask<ChangeResponse>(path, body);
    const { messages, sessionId } = store.get();
    if (message.sessionId === sessionId) store.set({ messages: merge(messages, [message]) });
  };

  const foreignCredentials = () => {
    const known = stored.credentials();
    const session = connection.session();
    if (known?.token === session?.token && known?.sessionId === session?.sessionId) return;
    if (known?.token && known.sessionId) return session ? connection.renewAtOnce() : connection.start();
    if (!session) return;
    store.set({ ...emptyConversation, closed: known?.token ? 'visitor' : undefined });
    // After an end the next message begins anew; after a reset an open window joins the new visitor.
    if (known?.token || !store.get().open) connection.stop();
    else connection.renewAtOnce();
  };

  const unsubscribe = [
    stored.onForeignChange({ credentials: foreignCredentials, outbox: () => outbox.reread() }),
    environment.onNetwork(() => store.set({ online: environment.online() })),
    environment.onVisibility(() => receipts.check()),
    store.subscribe(() => receipts.check()),
  ];

  const { token, sessionId } = stored.credentials() ?? {};
  if (token && sessionId) connection.start();
  outbox.reread();
  outbox.kick();
  events.kick();

  const send = async (
    content: string,
    replyTo?: string,
    attachments?: WireAttachment[],
    clientMessageId?: string,
  ) => {
    const text = sendable(content, attachments ? 0 : 1);
    connection.start();
    typing.visitorSent();
    return outbox.add(text, replyTo, attachments, clientMessageId);
  };

  return {
    state: store.get,
    subscribe: store.subscribe,
    /** @param prompt is shown as if the team had said it */
    open(prompt?: string) {
      if (prompt) store.set(prompted(store.get(), prompt, environment.clock.now()));
      show(false);
    },
    close: () => store.set({ open: false }),
    /** The visitor changed the text in the composer. */
    typed: typing.visitorTyped,
    /** Tells the site's own code that something happened. */
    trigger(name: string, data: unknown, id?: string) {
      if (store.get().link !== 'refused') events.trigger(name, data, id);
    },
    dismiss(key: number) {
      store.set({ notifications: store.get().notifications.filter((one) => one.key !== key) });
    },
    /** Resolves with the message's id once the server has it. */
    sendMessage(content: string, replyTo?: string, clientMessageId?: string): Promise<string> {
      const sent = send(content, replyTo, undefined, clientMessageId);
      // The window shows a failure: a caller who does not care need not catch it.
      sent.catch(() => {});
      return sent;
    },
    /** Sends the text with the chosen files once they are uploaded; false if that will not be, and nothing was sent. */
    async sendWithFiles(content: string, replyTo?: string): Promise<boolean> {
      const attachments = await files.take();
      // The window shows what becomes of it.
      if (attachments) send(content, replyTo, attachments).catch(() => {});
      return attachments !== null;
    },
    /** What goes with the next message. */
    files: { add: files.add, remove: files.remove, retry: files.retry },
    endpoint: options.endpoint,
    retry: (clientMessageId: string) => outbox.retry(clientMessageId),
    discard: (clientMessageId: string) => outbox.discard(clientMessageId),
    async editMessage(messageId: string, content: string): Promise<void> {
      await change('/edit', { messageId, content: sendable(content) });
    },
    deleteMessage: (messageId: string): Promise<void> => change('/delete', { messageId }),
    loadOlder: () => loadOlder(api, connection, store),
    async identify(who: WireIdentity): Promise<void> {
      identity = who;
      if (connection.session()) await tellIdentity(who);
    },
    /** The visitor is through with this conversation; the next message begins another. */
    async endConversation(): Promise<void> {
      const ended = store.get().sessionId;
      try {
        if (ended) await ask('/disconnect', {});
      } catch (thrown) {
        const error = asPocketPingError(thrown);
        if (error.retryable) throw error;
      }
      if (store.get().sessionId === ended) leaveEnded();
    },
    reset() {
      identity = undefined;
      startOver();
    },
    destroy() {
      const error = new PocketPingError('destroyed');
      life.abort();
      for (const end of unsubscribe) end();
      receipts.stop();
      typing.stop();
      files.stop();
      events.stop();
      outbox.stop(error);
      connection.stop();
      connection.destroy();
    },
  };
}
