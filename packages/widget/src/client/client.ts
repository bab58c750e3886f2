import type {
  ChangeResponse,
  ConnectResponse,
  Frame,
  WireAttachment,
  WireIdentity,
  WireMessage,
  WirePresence,
} from '@pocketping/protocol';
import { createApi } from './api.js';
import { withAbsoluteUrls } from './attachments.js';
import { createConnection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';
import { loadOlder } from './history.js';
import { createOutbox } from './outbox.js';
import { type OutboxEntry, persistence } from './persistence.js';
import { createReceipts } from './receipts.js';
import { emptyConversation, initialState, isFromTeam, type Link } from './state.js';
import { createStore } from './store.js';
import { sendable } from './text.js';
import { applyFrame, merge } from './timeline.js';
import { createTyping } from './typing.js';
import { createUploads } from './uploads.js';

export interface ClientOptions {
  /** Absolute, without a trailing slash. */
  readonly endpoint: string;
  readonly identity?: WireIdentity | undefined;
  readonly welcomeMessage?: string | undefined;
  /** A message of the team arrived. */
  readonly onMessage?: ((message: WireMessage) => void) | undefined;
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
    const { sessionId, messages, hasMore, read, operatorOnline, welcomeMessage, status, uploads } = response;
    store.set({
      ...emptyConversation,
      ...{ sessionId, messages, hasMore, read, uploads },
      presence: { online: operatorOnline },
      welcomeMessage: welcomeMessage ?? options.welcomeMessage,
      closed: status === 'closed' ? 'team' : undefined,
    });
    messages.forEach(settle);
    outbox.reread();
    outbox.kick();
    files.kick();
    if (identity && identity !== toldIdentity) tellIdentity(identity).catch(() => {});
  };

  const onFrame = (frame: Frame) => {
    if (frame.type === 'typing') return typing.teamTyped(frame.data);
    if (frame.type === 'session_closed' && frame.data.ended) return leaveEnded();
    store.set(applyFrame(store.get(), frame));
    if (frame.type !== 'message') return;
    settle(frame.data);
    if (isFromTeam(frame.data)) tellPage(frame.data);
  };

  /** What the page's own code throws is the page's business, and ends no connection. */
  const tellPage = (message: WireMessage) => {
    try {
      options.onMessage?.(withAbsoluteUrls(options.endpoint, message));
    } catch (error) {
      console.error(error);
    }
  };

  const onLink = (link: Link) => {
    store.set({ link });
    if (link !== 'live') return;
    outbox.kick();
    files.kick();
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
    onRefused: (error) => outbox.refuse(error),
  });
  const openOutbox = () =>
    createOutbox(environment, api, stored, connection, {
      onChange: (entries, waiting) =>
        store.set({
          unsent: entries.map((entry) => ({ ...entry, waiting: entry.clientMessageId === waiting })),
        }),
      onAccepted: show,
    });
  const files = createUploads(environment, api, options.endpoint, connection, store);
  const typing = createTyping(environment, api, connection, store);
  const receipts = createReceipts(environment, api, connection, store);

  /** An accepted message stands in the conversation before the log brings it. */
  const show = (entry: OutboxEntry, sent: NonNullable<OutboxEntry['sent']>) => {
    const { messages, sessionId } = store.get();
    if (sent.sessionId !== sessionId || messages.some((message) => message.id === sent.id)) return;
    const { content, clientMessageId, replyTo, attachments } = entry;
    const message = {
      ...sent,
      content,
      clientMessageId,
      sender: 'visitor',
      version: 1,
      ...(replyTo && { replyTo }),
      ...(attachments && { attachments }),
    } as const;
    store.set({ messages: merge(messages, [message]), closed: undefined });
  };
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
      if (error.status === 401) connection.leaveVisitor(session);
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

  const send = async (content: string, replyTo?: string, attachments?: WireAttachment[]) => {
    const text = sendable(content, attachments ? 0 : 1);
    connection.start();
    typing.visitorSent();
    return outbox.add(text, replyTo, attachments);
  };

  return {
    state: store.get,
    subscribe: store.subscribe,
    open() {
      store.set({ open: true });
      connection.start();
    },
    close() {
      store.set({ open: false });
    },
    /** The visitor changed the text in the composer. */
    typed: typing.visitorTyped,
    /** Resolves with the message's id once the server has it. */
    sendMessage(content: string, replyTo?: string): Promise<string> {
      const sent = send(content, replyTo);
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
      outbox.stop(error);
      connection.stop();
      connection.destroy();
    },
  };
}
