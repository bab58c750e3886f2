import type { Api } from './api.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError } from './errors.js';
import { type ChatState, unreadMessages } from './state.js';
import type { Store } from './store.js';

/** Messages that arrive together are told to be read together. */
const GATHER_MS = 300;
const AGAIN_MS = 5_000;
/** Ids in one request (protocol `LIMITS.readIds`). */
const BATCH = 100;

/** Tells the team what the visitor has seen: what is loaded while the window is open and the page in front. */
export function createReceipts(
  environment: Environment,
  api: Api,
  connection: Connection,
  store: Store<ChatState>,
) {
  let cancel: (() => void) | undefined;
  let stopped = false;

  const due = () => (store.get().open && environment.visible() ? unreadMessages(store.get()) : []);

  const later = (ms: number) => {
    if (stopped) return;
    cancel ??= environment.clock.after(ms, () => {
      cancel = undefined;
      void tell();
    });
  };

  const tell = async () => {
    const session = connection.session();
    const messages = due().slice(-BATCH);
    if (!session || messages.length === 0) return;
    try {
      await api.post('/read', { messageIds: messages.map((message) => message.id) }, session);
    } catch (error) {
      if (asPocketPingError(error).retryable) later(AGAIN_MS);
      return;
    }
    if (connection.session()?.sessionId !== session.sessionId) return;
    const { read } = store.get();
    const visitorRead = Math.max(read.visitorRead, ...messages.map((message) => message.seq));
    store.set({ read: { ...read, visitorRead } });
  };

  return {
    /** Something that may have to be told has changed. */
    check() {
      if (due().length > 0) later(GATHER_MS);
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
