import type { Seq, SessionId } from '@pocketping/protocol';
import { type Engine, receiptQueue, receiptTask } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { Message, Session, Task, Thread } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';
import type { Lane } from './lane.js';
import { LostLease } from './lease.js';
import { placeOf } from './links.js';
import type { Platform } from './platform.js';
import { isCode } from './post.js';
import type { Brake } from './pump.js';

/** How often it is looked for something to show: what arrives is mostly read within that time, and marked once. */
const POLL_MS = 1000;
const LEASE_MS = 60_000;
/** While the budget is used for more important things, and for a thread that has none left. */
const LATER_MS = 5000;
/** How often a receipt is tried before it is left out. */
const ATTEMPTS = 3;
/** Among how many of the newest messages the team's is looked for. */
const LOOKED_AT = 20;
const REMEMBERED = 10_000;

type State = 'delivered' | 'read';

/** How far one message of a platform has come. */
interface Receipt {
  readonly posted: MessageRef;
  readonly state: State;
}

/**
 * Shows beside the team's newest messages how far the visitor has come with them. A task names the session only, so however
 * often the visitor reads, there is one thing to do; it is done when there is plenty of budget, apart from the posts, and
 * left out where it keeps failing.
 */
export class Receipts {
  readonly #engine: Engine;
  readonly #platform: Platform;
  readonly #node: string;
  readonly #brake: Pick<Brake, 'released'>;
  /** What was marked already; to mark it once more would be harmless. */
  readonly #marked = new Map<string, State>();

  constructor(engine: Engine, platform: Platform, holder: { node: string; brake: Pick<Brake, 'released'> }) {
    this.#engine = engine;
    this.#platform = platform;
    this.#node = holder.node;
    this.#brake = holder.brake;
  }

  /** Works until `signal` is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { name, receipts } = this.#platform.bridge;
    if (!receipts) return;
    const { clock, logger, storage } = this.#engine;
    const queue = receiptQueue(name);
    let inherits = true;
    while (!signal.aborted) {
      await this.#brake.released(signal);
      if (signal.aborted) return;
      let waitMs = LATER_MS;
      try {
        if (inherits) await storage.tasks.reclaim(queue, this.#node);
        inherits = false;
        if (this.#platform.hasPlenty({})) {
          const claim = { queues: [queue], owner: this.#node, leaseMs: LEASE_MS, limit: 1 };
          const [task] = await storage.tasks.claim(claim);
          if (task) await this.#work(task, signal);
          waitMs = task ? 0 : POLL_MS;
        }
      } catch (err) {
        logger.warn({ err, bridge: name }, 'could not look for receipts to show; trying again');
      }
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    }
  }

  async #work(task: Task, signal: AbortSignal): Promise<void> {
    const { tasks } = this.#engine.storage;
    try {
      const shown = await this.#show(task.sessionId ?? '');
      if (shown) await tasks.done(task.id, this.#node, task.version);
      else await tasks.retry(task.id, this.#node, LATER_MS);
    } catch (error) {
      if (error instanceof LostLease || signal.aborted) return tasks.retry(task.id, this.#node, 0);
      await this.#failed(task, error);
    }
  }

  /** @returns false when the thread has no budget to spare now */
  async #show(sessionId: SessionId): Promise<boolean> {
    const { bridge } = this.#platform;
    const { storage } = this.#engine;
    const [session, thread] = await Promise.all([
      storage.session(sessionId),
      storage.thread({ bridge: bridge.name, sessionId }),
    ]);
    if (!session || !thread || !bridge.receipts) return true;
    for (const { posted, state } of await receiptsIn(this.#engine, session, thread)) {
      const key = `${posted.chatId}/${posted.platformId}`;
      if (this.#marked.get(key) === state) continue;
      // It may stand in a thread that was given up since: its budget is another one.
      if (!this.#platform.hasPlenty(posted)) return false;
      const { mark } = bridge.receipts;
      await this.#platform.call(posted, (signal) => mark(posted, state, { signal }));
      if (this.#marked.size >= REMEMBERED) this.#marked.clear();
      this.#marked.set(key, state);
    }
    return true;
  }

  async #failed(task: Task, error: unknown): Promise<void> {
    const { logger, storage } = this.#engine;
    const { name } = this.#platform.bridge;
    if (isCode(error, 'rate_limited')) {
      return storage.tasks.retry(task.id, this.#node, error.retryAfterMs ?? LATER_MS);
    }
    const final = BridgeError.isInstance(error) && overFor.has(error.code);
    if (!final && task.attempts + 1 < ATTEMPTS) {
      return storage.tasks.retry(task.id, this.#node, LATER_MS * 2 ** task.attempts, String(error));
    }
    logger.warn({ err: error, bridge: name, sessionId: task.sessionId }, 'a receipt is not shown');
    await storage.tasks.done(task.id, this.#node, task.version);
  }
}

/** Codes that another attempt does not change. */
const overFor: ReadonlySet<BridgeError['code']> = new Set(['invalid', 'message_gone', 'thread_gone']);

/** The team's newest messages that the visitor has read and received, where they stand in the thread. */
const receiptsIn = async (engine: Engine, session: Session, thread: Thread): Promise<Receipt[]> => {
  const { visitorReadSeq, visitorDeliveredSeq } = session;
  const read = await newestUpTo(engine, session.id, visitorReadSeq);
  const delivered =
    visitorDeliveredSeq > visitorReadSeq
      ? await newestUpTo(engine, session.id, visitorDeliveredSeq)
      : undefined;
  const receipts: Receipt[] = [];
  for (const [message, state] of [
    [read, 'read'],
    [delivered?.id === read?.id ? undefined : delivered, 'delivered'],
  ] as const) {
    const posted = message && (await postOf(engine, thread, message));
    if (posted) receipts.push({ posted, state });
  }
  return receipts;
};

const newestUpTo = async (engine: Engine, sessionId: SessionId, seq: Seq): Promise<Message | undefined> => {
  if (seq === 0) return undefined;
  const messages = await engine.storage.messages(sessionId, { before: seq + 1, limit: LOOKED_AT });
  return messages.findLast((message) => isTeams(message) && message.deletedAt === undefined);
};

/** What the visitor was told by people, or in their place. */
const isTeams = ({ audience, author: { kind } }: Message): boolean =>
  audience === 'all' && (kind === 'operator' || kind === 'ai');

/** The end of a message on the platform; undefined where its post shows later ones of the team as well. */
const postOf = async (
  { storage }: Engine,
  { bridge, chatId, threadId }: Thread,
  message: Message,
): Promise<MessageRef | undefined> => {
  const links = await storage.links({ bridge, messageId: message.id });
  // What people wrote stands where they wrote it, which is in no thread where there are none.
  const link = links.findLast(
    (each) => each.direction === 'in' || (each.threadId === threadId && each.chatId === chatId),
  );
  if (!link) return undefined;
  for (const { messageId } of await storage.links({ bridge, chatId, platformId: link.platformId })) {
    const other = messageId === '' || messageId === message.id ? null : await storage.message(messageId);
    if (other && isTeams(other) && other.seq > message.seq) return undefined;
  }
  return placeOf(link);
};

/** Whatever the visitor had read before it was posted says so as well. What fails here keeps no post back. */
export const showReceiptsOf = async (
  { engine, platform, session, thread }: Lane,
  messages: readonly Message[],
): Promise<void> => {
  const seen = Math.max(session.visitorReadSeq, session.visitorDeliveredSeq);
  if (!platform.bridge.receipts || !messages.some((message) => isTeams(message) && message.seq <= seen))
    return;
  try {
    await engine.log.commit({
      at: engine.clock.now(),
      tasks: [receiptTask(thread.bridge, session.id)],
    });
  } catch (err) {
    engine.logger.debug({ err, bridge: thread.bridge }, 'a receipt is not shown');
  }
};
