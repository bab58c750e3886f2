import type { MessageResponse, WireAttachment } from '@pocketping/protocol';
import type { Api, Session } from './api.js';
import { backoffMs } from './backoff.js';
import { sleep } from './clock.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError, PocketPingError } from './errors.js';
import type { OutboxEntry } from './kept.js';
import type { Persistence } from './persistence.js';
import { randomName } from './random.js';

/** How long an accepted entry stays for the other tabs to read what became of it. */
const SETTLED_KEPT_MS = 5_000;
/** How long another tab may take to send what it wrote, before this one tries too. */
const ADOPT_AFTER_MS = 10_000;

export interface OutboxEvents {
  /** The entries changed; `waiting` is the one whose last attempt got no answer. */
  onChange(entries: OutboxEntry[], waiting: string | undefined): void;
  onAccepted(entry: OutboxEntry, sent: NonNullable<OutboxEntry['sent']>): void;
}

interface Promised {
  resolve(messageId: string): void;
  reject(error: PocketPingError): void;
}

/**
 * What the visitor wrote and the server does not have yet. It sends one entry at a time, oldest first, for as long as it
 * takes. Each carries a `clientMessageId`, under which the server takes it once, however often it is sent.
 */
export function createOutbox(
  environment: Environment,
  api: Api,
  stored: Persistence,
  connection: Connection,
  events: OutboxEvents,
) {
  const { clock } = environment;
  const promises = new Map<string, Promised>();
  let cancelRemoval: (() => void) | undefined;
  const life = new AbortController();
  let pause = new AbortController();
  let flushing = false;
  let waiting: string | undefined;
  let lastCreatedAt = 0;
  let cancelAdoption: (() => void) | undefined;

  const unsent = () => stored.outbox.all().filter((entry) => !entry.sent);

  const changed = () => events.onChange(unsent(), waiting);

  /** What was removed meanwhile, here or by another tab, stays removed. */
  const keep = (entry: OutboxEntry) => {
    if (stored.outbox.get(entry.clientMessageId)) stored.outbox.put(entry.clientMessageId, entry);
  };

  const accept = (entry: OutboxEntry, sent: NonNullable<OutboxEntry['sent']>) => {
    keep({ ...entry, failed: undefined, sent });
    cancelRemoval?.();
    cancelRemoval = clock.after(SETTLED_KEPT_MS, removeSent);
    answer(entry, sent);
  };

  const removeSent = () => {
    for (const entry of stored.outbox.all()) if (entry.sent) stored.outbox.remove(entry.clientMessageId);
  };

  const answer = (entry: OutboxEntry, sent: NonNullable<OutboxEntry['sent']>) => {
    events.onAccepted(entry, sent);
    promises.get(entry.clientMessageId)?.resolve(sent.id);
    promises.delete(entry.clientMessageId);
    changed();
  };

  const reject = (clientMessageId: string, error: PocketPingError) => {
    promises.get(clientMessageId)?.reject(error);
    promises.delete(clientMessageId);
  };

  const fail = (entry: OutboxEntry, error: PocketPingError) => {
    keep({ ...entry, failed: error.code });
    reject(entry.clientMessageId, error);
    changed();
  };

  const flush = async () => {
    if (flushing) return;
    flushing = true;
    let failures = 0;
    // What the server asked for holds even if the visitor or the network is in a hurry.
    let notBefore = 0;
    for (;;) {
      const next = unsent().find((entry) => !entry.failed);
      if (!next || life.signal.aborted) break;
      await sleep(clock, notBefore - clock.now(), life.signal);
      const session = connection.session();
      if (life.signal.aborted) break;
      if (!session) {
        // It is kicked again as soon as there is one.
        if (!connection.running()) connection.start();
        break;
      }
      try {
        await attempt(next.clientMessageId, session);
        failures = 0;
        waiting = undefined;
      } catch (thrown) {
        const error = asPocketPingError(thrown);
        if (life.signal.aborted) break;
        if (!resolveRefusal(next, session, error)) {
          fail(next, error);
          continue;
        }
        failures++;
        notBefore = error.retryAfterMs && clock.now() + error.retryAfterMs;
        waiting = error.retryable ? next.clientMessageId : waiting;
        changed();
        if (!error.retryable && failures < 3) continue;
        pause = new AbortController();
        await sleep(clock, backoffMs(failures, environment.random), pause.signal);
      }
    }
    flushing = false;
  };

  const attempt = async (clientMessageId: string, session: Session) => {
    const entry = stored.outbox.get(clientMessageId);
    if (!entry) return;
    const sessionId = entry.tried ?? session.sessionId;
    keep({ ...entry, tried: sessionId });
    const { messageId: id, ...where } = await api.post<MessageResponse>(
      '/message',
      {
        clientMessageId,
        content: entry.content,
        replyTo: entry.sessionId === sessionId ? entry.replyTo : undefined,
        attachmentIds: entry.attachments?.map(({ id }) => id),
      },
      { ...session, sessionId },
      life.signal,
    );
    if (!life.signal.aborted) accept(entry, { id, sessionId, ...where });
  };

  /** True if the entry can be sent again after what was done here. */
  const resolveRefusal = (entry: OutboxEntry, session: Session, error: PocketPingError) => {
    if (error.retryable) return true;
    const tried = stored.outbox.get(entry.clientMessageId) ?? entry;
    if (!connection.leave({ ...session, sessionId: tried.tried ?? session.sessionId }, error)) return false;
    // It is not there: it goes to whatever conversation goes on.
    keep({ ...tried, tried: undefined });
    return true;
  };

  const kick = () => {
    pause.abort();
    void flush();
  };

  removeSent();

  return {
    /** Entries that will be sent without anybody's doing. */
    pending: () => unsent().some((entry) => !entry.failed),
    /** Resolves with the message's id once the server has it. What is kept under the id given is replaced. */
    add(
      content: string,
      replyTo: string | undefined,
      attachments: WireAttachment[] | undefined,
      clientMessageId = randomName(environment, 16),
    ): Promise<string> {
      lastCreatedAt = Math.max(clock.now(), lastCreatedAt + 1);
      stored.outbox.put(clientMessageId, {
        clientMessageId,
        content,
        replyTo,
        attachments,
        sessionId: connection.session()?.sessionId,
        createdAt: lastCreatedAt,
      });
      const promise = new Promise<string>((resolve, reject) =>
        promises.set(clientMessageId, { resolve, reject }),
      );
      changed();
      kick();
      return promise;
    },
    retry(clientMessageId: string) {
      const entry = stored.outbox.get(clientMessageId);
      if (entry) stored.outbox.put(clientMessageId, { ...entry, failed: undefined });
      changed();
      kick();
    },
    discard(clientMessageId: string) {
      stored.outbox.remove(clientMessageId);
      reject(clientMessageId, new PocketPingError('discarded'));
      changed();
    },
    /** The message came back in the log, so the server has it, whatever became of the answer. */
    settle(clientMessageId: string, sent: NonNullable<OutboxEntry['sent']>) {
      const entry = stored.outbox.get(clientMessageId);
      if (entry && !entry.sent) accept(entry, sent);
    },
    /** Somebody else added, sent or deleted something. */
    reread() {
      const entries = stored.outbox.all();
      for (const entry of entries) if (entry.sent) answer(entry, entry.sent);
      const left = new Set(entries.map((entry) => entry.clientMessageId));
      for (const clientMessageId of [...promises.keys()]) {
        if (!left.has(clientMessageId)) reject(clientMessageId, new PocketPingError('discarded'));
      }
      changed();
      cancelAdoption?.();
      if (entries.some((entry) => !entry.sent && !entry.failed))
        cancelAdoption = clock.after(ADOPT_AFTER_MS, kick);
    },
    /** The server wants none of it. */
    refuse(error: PocketPingError) {
      for (const entry of unsent()) fail(entry, error);
    },
    /** Tries now: at the start, and when the connection is back. */
    kick,
    /** Sends nothing any more. What is stored stays. */
    stop(error: PocketPingError) {
      life.abort();
      pause.abort();
      cancelAdoption?.();
      cancelRemoval?.();
      for (const clientMessageId of [...promises.keys()]) reject(clientMessageId, error);
    },
  };
}
