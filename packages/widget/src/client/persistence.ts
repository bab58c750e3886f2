import { type Credentials, keptFor } from './kept.js';
import { readJson } from './shelf.js';
import type { KeyValue } from './storage.js';

/** How far this browser has followed a conversation. */
interface Followed {
  sessionId: string;
  seq: number;
}

export type Persistence = ReturnType<typeof persistence>;

/** What is kept, and how it changes while the chat is there. */
export function persistence(storage: KeyValue, endpoint: string) {
  const kept = keptFor(storage, endpoint);
  const { prefix, visitorKey, followedKey, outbox, events } = kept;

  const followed = (sessionId: string): number | undefined => {
    const found = readJson<Followed>(storage, followedKey);
    return found?.sessionId === sessionId ? found.seq : undefined;
  };

  return {
    ...kept,
    /** A name for locks that belong to this endpoint. */
    name: (purpose: string) => prefix + purpose,
    saveCredentials(credentials: Credentials) {
      storage.set(visitorKey, JSON.stringify(credentials));
    },
    forgetCredentials() {
      storage.remove(visitorKey);
    },
    /** Another person uses this browser now: neither who was here nor what they meant to say is theirs. */
    forgetPerson() {
      storage.remove(visitorKey);
      for (const { clientMessageId, sessionId } of outbox.all())
        if (sessionId) outbox.remove(clientMessageId);
      for (const { id, sessionId } of events.all()) if (sessionId) events.remove(id);
    },
    /** The furthest `seq` that a page of this browser has seen of the session. */
    followed,
    saveFollowed(sessionId: string, seq: number) {
      if (!(followed(sessionId)! >= seq)) storage.set(followedKey, JSON.stringify({ sessionId, seq }));
    },
    forgetFollowed() {
      storage.remove(followedKey);
    },
  };
}
