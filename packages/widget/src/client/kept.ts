import type { WireAttachment } from '@pocketping/protocol';
import { readJson, shelf } from './shelf.js';
import type { KeyValue } from './storage.js';

/** What proves to the server who this browser is. */
export interface Credentials {
  visitorId: string;
  /** Given once by the server; as good as the visitor. */
  token?: string | undefined;
  /** The conversation going on; absent before the first and after the visitor ended one. */
  sessionId?: string | undefined;
  /** Kept from before the first connect until it is answered, so that its retry returns the same token. */
  secret?: string | undefined;
}

/** A message that is the visitor's and not yet known to be the server's. */
export interface OutboxEntry {
  clientMessageId: string;
  content: string;
  replyTo?: string | undefined;
  /** Uploaded already. */
  attachments?: WireAttachment[] | undefined;
  /** The conversation it was written in; `replyTo` and the attachments mean something only there. */
  sessionId?: string | undefined;
  /** The conversation it was last sent to: it may have arrived there although no answer came. */
  tried?: string | undefined;
  /** Milliseconds since the epoch; grows strictly within one tab. */
  createdAt: number;
  /** The code of the error that ended the attempts; the visitor decides what next. */
  failed?: string | undefined;
  /** Written just before the entry goes, for the other tabs to see what became of it. */
  sent?: { id: string; seq: number; timestamp: string; sessionId: string } | undefined;
}

/** A custom event that the page triggered and the server does not have yet. */
export interface PendingEvent {
  id: string;
  name: string;
  data?: unknown;
  /** The conversation it was triggered in. */
  sessionId?: string | undefined;
  /** Milliseconds since the epoch; grows strictly within one tab. */
  createdAt: number;
  /** The conversation it was last sent to: it may have arrived there although no answer came. */
  tried?: string | undefined;
}

/** What waits for a network must not fill the storage. */
const MOST_EVENTS = 100;

/** What outlives the page, under keys of its own for each endpoint. */
export function keptFor(storage: KeyValue, endpoint: string) {
  const prefix = `pocketping:${endpoint}:`;
  const visitorKey = `${prefix}visitor`;
  const followedKey = `${prefix}followed`;
  const outbox = shelf<OutboxEntry>(storage, `${prefix}outbox:`);
  const events = shelf<PendingEvent>(storage, `${prefix}event:`);

  /** It will not be told any more, which the console says. */
  const dropEvent = ({ id, name }: PendingEvent, why: string) => {
    console.warn('PocketPing: event', name, why);
    events.remove(id);
  };

  return {
    prefix,
    visitorKey,
    followedKey,
    credentials(): Credentials | undefined {
      const found = readJson<Credentials>(storage, visitorKey);
      return typeof found?.visitorId === 'string' ? found : undefined;
    },
    outbox,
    events,
    /** The newest ones are kept. */
    keepEvent(event: PendingEvent) {
      events.put(event.id, event);
      const [oldest, ...others] = events.all();
      if (others.length >= MOST_EVENTS) dropEvent(oldest!, 'too many');
    },
    dropEvent,
    clear() {
      storage.remove(visitorKey);
      storage.remove(followedKey);
      outbox.clear();
      events.clear();
    },
    /** Calls back when another tab changed the credentials or the outbox. */
    onForeignChange: (changed: { credentials(): void; outbox(): void }) =>
      storage.onForeignChange((key) => {
        if (key === null || key === visitorKey) changed.credentials();
        if (key === null || outbox.holds(key)) changed.outbox();
      }),
  };
}
