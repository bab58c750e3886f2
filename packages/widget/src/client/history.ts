import type { MessagesResponse } from '@pocketping/protocol';
import type { Api } from './api.js';
import type { Connection } from './connection.js';
import type { ChatState } from './state.js';
import type { Store } from './store.js';
import { merge } from './timeline.js';

/** Loads the page before the oldest message. */
export async function loadOlder(api: Api, connection: Connection, store: Store<ChatState>): Promise<void> {
  const { hasMore, loadingOlder, messages } = store.get();
  const session = connection.session();
  const oldest = messages[0];
  if (!hasMore || loadingOlder || !oldest || !session) return;
  store.set({ loadingOlder: true });
  try {
    const page = await api.get<MessagesResponse>('/messages', { before: oldest.id }, session);
    // After a reload from the beginning this page would not adjoin what is shown.
    if (connection.session() !== session || store.get().messages[0]?.id !== oldest.id) return;
    store.set({ messages: merge(store.get().messages, page.messages), hasMore: page.hasMore });
  } catch {
    // Scrolling up asks again.
  } finally {
    store.set({ loadingOlder: false });
  }
}
