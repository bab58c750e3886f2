import type { WireMetadata } from '@pocketping/protocol';
import { listen } from '../listen.js';
import { type BytesRequest, sendBytes } from './bytes.js';
import { type Clock, systemClock } from './clock.js';
import { pageMetadata } from './metadata.js';
import { randomBytes } from './random.js';
import { durableStorage, type KeyValue } from './storage.js';

/** Everything the client takes from the browser. Tests bring their own. */
export interface Environment {
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Cryptographically random bytes. */
  randomBytes(length: number): Uint8Array;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Sends a long body and tells how it goes on. Rejects if there is no answer, or when the signal aborts. */
  sendBytes(request: BytesRequest): Promise<Response>;
  /** Absent where the browser has none. */
  openSocket?: ((url: string) => WebSocket) | undefined;
  readonly storage: KeyValue;
  /** Runs `task` while no other tab runs one under the same name; without the Web Locks API, just runs it. */
  exclusively<T>(name: string, task: () => Promise<T>): Promise<T>;
  /** What the browser believes about its network. It may be wrong, so nothing is refused because of it. */
  online(): boolean;
  /** Calls back when the browser's belief about the network changes. The answer unsubscribes. */
  onNetwork(listener: () => void): () => void;
  visible(): boolean;
  onVisibility(listener: () => void): () => void;
  metadata(): WireMetadata;
}

/** Where there are no locks, or this page may have none (a sandboxed frame, site data blocked), it just runs. */
async function exclusively<T>(name: string, task: () => Promise<T>): Promise<T> {
  let result: Promise<T> | undefined;
  const run = () => {
    result = task();
    return result;
  };
  await navigator.locks?.request(name, run).catch(() => {});
  return result ?? task();
}

/** The real browser. */
export const browserEnvironment = (): Environment => ({
  clock: systemClock,
  random: Math.random,
  randomBytes,
  fetch: (url, init) => fetch(url, init),
  sendBytes,
  openSocket: typeof WebSocket === 'function' ? (url) => new WebSocket(url) : undefined,
  storage: durableStorage(() => window.localStorage),
  // Absent outside secure contexts: https://developer.mozilla.org/docs/Web/API/Web_Locks_API
  exclusively,
  online: () => navigator.onLine !== false,
  onNetwork: (listener) => listen(window, ['online', 'offline'], listener),
  visible: () => document.visibilityState === 'visible',
  onVisibility: (listener) => listen(document, ['visibilitychange'], listener),
  metadata: pageMetadata,
});
