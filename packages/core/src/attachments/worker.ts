import type { AttachmentId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import type { Task } from '../model/index.js';
import type { Bridge } from '../ports/index.js';
import { ClaimedTasks, TASK_LEASE_MS } from '../tasks/claimed.js';
import { fetchFiles, messageOf } from './fetch.js';
import { bridgeFilesQueue, FILES_QUEUE, noRecord, recordOf } from './register.js';
import { filesHere } from './upload.js';

/** Files that are on their way here at the same time. */
const AT_ONCE = 3;
const LONGEST_RETRY_MS = 60 * 60_000;
/** How long a task may go unnoticed when whoever added it could not wake this node. */
const POLL_MS = 2000;

/** Does what there is to do for files. Every node may: what one has claimed is nobody else's. */
export class FileWorker {
  readonly #engine: Engine;
  readonly #node: string;
  readonly #bridges: ReadonlyMap<string, Bridge>;
  readonly #stopping = new AbortController();
  readonly #running: ClaimedTasks;
  #loop: Promise<void> | undefined;
  #wake: () => void = () => {};

  constructor(engine: Engine, node: string, bridges: ReadonlyMap<string, Bridge>) {
    this.#engine = engine;
    this.#node = node;
    this.#bridges = bridges;
    this.#running = new ClaimedTasks(engine, { node, about: {} }, () => this.#wake());
  }

  get queues(): string[] {
    return [FILES_QUEUE, ...[...this.#bridges.keys()].map(bridgeFilesQueue)];
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  wake(): void {
    this.#wake();
  }

  /** Lets what is under way be taken up again, here or elsewhere. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#loop;
    await this.#running.allOver();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const limit = AT_ONCE - this.#running.size;
      const tasks = limit > 0 ? await this.#claim(limit) : [];
      for (const task of tasks) this.#running.begin(task, () => this.#do(task));
      if (tasks.length === 0) await this.#idle();
    }
  }

  async #claim(limit: number): Promise<Task[]> {
    const { storage, logger } = this.#engine;
    try {
      const request = { queues: this.queues, owner: this.#node, leaseMs: TASK_LEASE_MS, limit };
      return await storage.tasks.claim(request);
    } catch (err) {
      logger.warn({ err }, 'could not look for files to fetch or to remove; trying again');
      return [];
    }
  }

  async #do(task: Task): Promise<void> {
    const { storage, logger } = this.#engine;
    try {
      await this.#work(task);
      await storage.tasks.done(task.id, this.#node, task.version);
    } catch (err) {
      const waitMs = Math.min(2000 * 2 ** task.attempts, LONGEST_RETRY_MS);
      logger.warn(
        { err, kind: task.kind, attempts: task.attempts, waitMs },
        'a file was not seen to; trying again',
      );
      await storage.tasks.retry(task.id, this.#node, waitMs, String(err));
    }
  }

  async #work({ kind, queue, payload, attempts }: Task): Promise<void> {
    switch (kind) {
      case 'fetch': {
        const bridge = this.#bridges.get(queue.slice(bridgeFilesQueue('').length));
        if (!bridge) throw new Error(`There is no bridge for ${queue}`);
        return fetchFiles(this.#engine, bridge, messageOf(payload), attempts);
      }
      case 'remove':
        return this.#remove((payload as { files: AttachmentId[] }).files);
      case 'unused':
        return this.#removeUnused((payload as { id: AttachmentId }).id);
      default:
        throw new Error(`Nobody here knows what to do for a task called ${kind}`);
    }
  }

  async #remove(files: readonly AttachmentId[]): Promise<void> {
    for (const file of files) await filesHere(this.#engine).store.remove(file);
  }

  /** The record goes first: from then on no message can take the file. */
  async #removeUnused(id: AttachmentId): Promise<void> {
    const found = await recordOf(this.#engine, id);
    if (!found || found.record.status === 'attached') return;
    const { storage, clock } = this.#engine;
    const at = clock.now();
    const { file } = found.record;
    const result = await storage.commit({
      at,
      state: [noRecord(id, found.version)],
      tasks: [{ queue: FILES_QUEUE, key: `remove/${id}`, kind: 'remove', payload: { files: [id, file] } }],
    });
    if (result.conflict !== undefined) throw new Error(`The unused file ${id} changed; looking again`);
  }

  async #idle(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    let cancel = () => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = this.#engine.clock.schedule(POLL_MS, resolve);
    });
    cancel();
    this.#wake = () => {};
  }
}
