import { bridgeQueue, deliverTask, type Engine } from '../engine.js';
import { BridgeError } from '../errors.js';
import type { Task } from '../model/index.js';
import { answerOf } from '../operators/answer.js';
import type { MessageRef } from '../ports/index.js';
import { ClaimedTasks, TASK_LEASE_MS } from '../tasks/claimed.js';
import { deliver, type Outcome } from './deliver.js';
import { Postponed } from './doubt.js';
import { type Fence, LostLease } from './lease.js';
import type { Platform } from './platform.js';
import { isCode } from './post.js';

/** Lanes at work at the same time. */
const LANES = 4;
const LONGEST_RETRY_MS = 60_000;
/** How long a task may go unnoticed when whoever added it could not wake this node. */
const POLL_MS = 1000;

/** So many runs of one session that end in doubt hold the whole bridge back: by then a message's post has an end. */
const TELLING_RUNS = 4;

/** So many runs of one session that fail in a row are no passing trouble. */
const FAILED_RUNS = 3;

const REMEMBERED_SESSIONS = 10_000;

/** What the pump tells its runner. */
export interface Brake {
  /** The platform does not let anybody go on. Answers for how many milliseconds. */
  apply(error: BridgeError): number;
  /** Posts failed lately, and none got through since. */
  readonly isHolding: boolean;
  /** The platform said not long ago that it lets us in, and nothing has failed since. */
  readonly isLetIn: boolean;
  /** The platform says that it lets us in. */
  letIn(): void;
  /** The platform takes posts. */
  release(): void;
  /** Resolves when nothing holds the bridge back. */
  released(signal: AbortSignal): Promise<void>;
}

/** Who runs the pump, and until when. */
interface Holder {
  readonly node: string;
  readonly fence: Fence;
  readonly brake: Brake;
  /** A commit was refused because another node has the bridge. */
  readonly lost: () => void;
}

/** Works off a bridge's queue: a lane for each session, served in turn. */
export class Pump {
  readonly #engine: Engine;
  readonly #platform: Platform;
  readonly #holder: Holder;
  readonly #running: ClaimedTasks;
  /** Sessions whose last run recorded all it did. Of any other it is not known. */
  readonly #settled = new Set<string>();
  /** Sessions whose runs fail again and again, for reasons of their own. */
  readonly #failing = new Set<string>();
  #woken = false;
  #stopping = false;
  #wake: () => void = () => {};

  constructor(engine: Engine, platform: Platform, holder: Holder) {
    this.#engine = engine;
    this.#platform = platform;
    this.#holder = holder;
    const about = { bridge: platform.bridge.name };
    this.#running = new ClaimedTasks(engine, { node: holder.node, about }, () => this.wake());
  }

  /** How many sessions are not shown on, though the platform takes what others say. */
  get failing(): number {
    return this.#failing.size;
  }

  /** There may be something to do. While every lane is at work, nobody looks: each message would have it done in vain. */
  wake(): void {
    this.#woken = true;
    if (this.#running.size < LANES) this.#wake();
  }

  /** Works until `signal` is aborted, and then lets the lanes end. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => {
      this.#stopping = true;
      this.#wake();
    };
    signal.addEventListener('abort', stop, { once: true });
    await this.#inherit();
    while (!signal.aborted) {
      await this.#holder.brake.released(signal);
      if (signal.aborted) break;
      if (this.#holder.brake.isHolding && this.#running.size === 0 && !(await this.#isLetIn())) continue;
      this.#woken = false;
      const claimed = await this.#claim(signal);
      for (const task of claimed) this.#running.begin(task, () => this.#run(task));
      if (claimed.length === 0 || this.#running.size >= LANES) await this.#idle(signal);
    }
    await this.#running.allOver();
  }

  /** What the node that had the bridge before was at work on is taken up at once. */
  async #inherit(): Promise<void> {
    const { name } = this.#platform.bridge;
    try {
      await this.#engine.storage.tasks.reclaim(bridgeQueue(name), this.#holder.node);
    } catch (err) {
      this.#engine.logger.warn(
        { err, bridge: name },
        'could not take up what was under way; its leases end by themselves',
      );
    }
  }

  /**
   * Asks a platform that did not take posts whether it does now. Nothing is posted before: it might take effect and not be
   * confirmed. With nothing to post, that is how it becomes known that all is well. While it only waits for its time to post
   * again, it does not ask each second.
   */
  async #isLetIn(): Promise<boolean> {
    const { access, name } = this.#platform.bridge;
    const { brake } = this.#holder;
    if (!access) return true;
    try {
      if (!brake.isLetIn) {
        await this.#platform.ask((signal) => access.check({ signal }));
        brake.letIn();
      }
      if ((await this.#engine.storage.tasks.count(bridgeQueue(name))) === 0) brake.release();
      return true;
    } catch (error) {
      const known = BridgeError.isInstance(error) && error.code !== 'uncertain';
      brake.apply(known ? error : new BridgeError('unavailable', String(error), { cause: error }));
      return false;
    }
  }

  async #claim(signal: AbortSignal): Promise<Task[]> {
    const limit = LANES - this.#running.size;
    if (limit === 0) return [];
    try {
      return await this.#engine.storage.tasks.claim({
        queues: [bridgeQueue(this.#platform.bridge.name)],
        owner: this.#holder.node,
        leaseMs: TASK_LEASE_MS,
        limit,
      });
    } catch (err) {
      this.#engine.logger.warn(
        { err, bridge: this.#platform.bridge.name },
        'could not claim work; trying again',
      );
      await this.#engine.clock.sleep(POLL_MS, signal);
      return [];
    }
  }

  async #run(task: Task): Promise<void> {
    const { tasks } = this.#engine.storage;
    const { node } = this.#holder;
    try {
      const outcome = await this.#work(task);
      this.#failing.delete(task.sessionId ?? '');
      if (outcome === 'done') await tasks.done(task.id, node, task.version);
      else await tasks.retry(task.id, node, outcome === 'again' ? 0 : outcome.afterMs);
    } catch (error) {
      await this.#handBack(task, error);
    }
  }

  async #handBack(task: Task, error: unknown): Promise<void> {
    const { tasks } = this.#engine.storage;
    const { node, brake, lost } = this.#holder;
    if (error instanceof LostLease) lost();
    if (error instanceof LostLease || this.#stopping) return tasks.retry(task.id, node, 0);
    if (error instanceof Postponed) return this.#postpone(task, error);
    if (BridgeError.isInstance(error) && !ownAffair.has(error.code)) {
      const thread = error.code === 'rate_limited' && error.scope === 'thread';
      return tasks.retry(task.id, node, thread ? (error.retryAfterMs ?? POLL_MS) : brake.apply(error));
    }
    const waitMs = Math.min(1000 * 2 ** task.attempts, LONGEST_RETRY_MS);
    const { sessionId, attempts } = task;
    if (attempts + 1 >= FAILED_RUNS) this.#fails(task);
    this.#engine.logger.error(
      { err: error, bridge: this.#platform.bridge.name, sessionId, attempts, waitMs },
      'a delivery failed; trying again',
    );
    return tasks.retry(task.id, node, waitMs, String(error));
  }

  /** At first the platform may be to blame; where a session's runs go on ending in doubt, that is its own affair. */
  #postpone(task: Task, { cause, runs, waitMs }: Postponed): Promise<void> {
    const { brake, node } = this.#holder;
    if (runs <= TELLING_RUNS && isCode(cause, 'uncertain')) brake.apply(cause);
    if (runs > TELLING_RUNS) this.#fails(task);
    this.#engine.logger.warn(
      { err: cause, bridge: this.#platform.bridge.name, sessionId: task.sessionId, runs, waitMs },
      'what was posted may be there or not; trying again',
    );
    return this.#engine.storage.tasks.retry(task.id, node, waitMs, String(cause));
  }

  #fails({ sessionId }: Task): void {
    if (sessionId !== undefined && this.#failing.size < REMEMBERED_SESSIONS) this.#failing.add(sessionId);
  }

  async #work(task: Task): Promise<Outcome> {
    if (task.kind === 'answer') return this.#answer(task);
    const sessionId = task.sessionId ?? '';
    const doubtful = !this.#settled.delete(sessionId);
    const outcome = await deliver(
      { engine: this.#engine, platform: this.#platform, fence: this.#holder.fence },
      sessionId,
      doubtful,
    );
    if (this.#settled.size >= REMEMBERED_SESSIONS) this.#settled.clear();
    this.#settled.add(sessionId);
    return outcome;
  }

  async #answer(task: Task): Promise<'done'> {
    const { to, text } = answerOf(task.payload);
    try {
      const answer = () =>
        this.#platform.call(to, (signal) => this.#platform.bridge.answer(to, text, { signal }));
      // An answer twice does less harm than none.
      await answer().catch((error: unknown) => {
        if (isCode(error, 'uncertain')) return answer();
        throw error;
      });
    } catch (error) {
      // The place is gone, or the answer has most likely arrived.
      const over = ['thread_gone', 'message_gone', 'invalid', 'uncertain'] as const;
      if (!over.some((code) => isCode(error, code))) throw error;
      this.#engine.logger.info(
        { err: error, bridge: this.#platform.bridge.name },
        'an answer was not delivered',
      );
    }
    await this.#tidy(to);
    return 'done';
  }

  /** An answer in a closed thread may have opened it. */
  async #tidy({ chatId, threadId }: MessageRef): Promise<void> {
    const { storage, log, clock } = this.#engine;
    const { closing, name: bridge } = this.#platform.bridge;
    if (!closing?.postsReopen || threadId === undefined) return;
    const thread = await storage.thread({ bridge, chatId, threadId });
    const session = thread && (await storage.session(thread.sessionId));
    if (session?.status === 'closed') {
      await log.commit({ at: clock.now(), tasks: [deliverTask(bridge, session.id)] });
    }
  }

  /** Until there may be something to do and a lane to do it; a second at most. */
  async #idle(signal: AbortSignal): Promise<void> {
    if ((this.#woken && this.#running.size < LANES) || signal.aborted) return;
    let cancel = () => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = this.#engine.clock.schedule(POLL_MS, resolve);
    });
    cancel();
    this.#wake = () => {};
  }
}

/** Codes that say something of one message or thread, and nothing of the platform. */
const ownAffair: ReadonlySet<BridgeError['code']> = new Set(['invalid', 'message_gone', 'thread_gone']);
