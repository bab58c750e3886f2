import type { WireAttachment } from '@pocketping/protocol';
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

export type Persistence = ReturnType<typeof persistence>;

/**
 * What outlives the page, under keys of its own for each endpoint. Every unsent message has its own key: two tabs that
 * write at the same moment cannot overwrite one another.
 */
export function persistence(storage: KeyValue, endpoint: string) {
  const prefix = `pocketping:${endpoint}:`;
  const visitorKey = `${prefix}visitor`;
  const outboxPrefix = `${prefix}outbox:`;

  const read = <T>(key: string): T | undefined => {
    try {
      return (JSON.parse(storage.get(key) ?? 'null') as T | null) ?? undefined;
    } catch {
      return undefined;
    }
  };
  const outboxKeys = () => storage.keys().filter((key) => key.startsWith(outboxPrefix));

  return {
    /** A name for locks that belong to this endpoint. */
    name: (purpose: string) => prefix + purpose,
    credentials(): Credentials | undefined {
      const found = read<Credentials>(visitorKey);
      return typeof found?.visitorId === 'string' ? found : undefined;
    },
    saveCredentials(credentials: Credentials) {
      storage.set(visitorKey, JSON.stringify(credentials));
    },
    forgetCredentials() {
      storage.remove(visitorKey);
    },
    /** Another person uses this browser now: neither who was here nor what they meant to say is theirs. */
    forgetPerson() {
      storage.remove(visitorKey);
      for (const key of outboxKeys()) if (read<OutboxEntry>(key)?.sessionId) storage.remove(key);
    },
    /** Oldest first. */
    outbox: (): OutboxEntry[] =>
      outboxKeys()
        .map((key) => read<OutboxEntry>(key))
        .filter((entry) => entry !== undefined && typeof entry.content === 'string')
        .sort((a, b) => a!.createdAt - b!.createdAt) as OutboxEntry[],
    entry: (clientMessageId: string) => read<OutboxEntry>(outboxPrefix + clientMessageId),
    put(entry: OutboxEntry) {
      storage.set(outboxPrefix + entry.clientMessageId, JSON.stringify(entry));
    },
    remove(clientMessageId: string) {
      storage.remove(outboxPrefix + clientMessageId);
    },
    clear() {
      storage.remove(visitorKey);
      for (const key of outboxKeys()) storage.remove(key);
    },
    /** Calls back when another tab changed the credentials or the outbox. */
    onForeignChange: (changed: { credentials(): void; outbox(): void }) =>
      storage.onForeignChange((key) => {
        if (key === null || key === visitorKey) changed.credentials();
        if (key === null || key.startsWith(outboxPrefix)) changed.outbox();
      }),
  };
}
