import type { StoredMessage, StoredThread } from './state.js';

/** What just happened, for whoever looks on: the phone, and tests that wait. */
export type Change =
  | { readonly type: 'message'; readonly message: StoredMessage }
  | { readonly type: 'thread'; readonly thread: StoredThread }
  | { readonly type: 'typing'; readonly channelId: string; readonly userId: string }
  | { readonly type: 'read'; readonly channelId: string; readonly userId: string }
  /** A person, channel or webhook came or went. */
  | { readonly type: 'server' }
  | { readonly type: 'call' };
