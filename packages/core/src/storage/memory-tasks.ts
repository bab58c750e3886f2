import type { Instant, NewTask, Task, TaskKey } from '../model/index.js';
import type { Clock } from '../ports/clock.js';
import type { TaskStore } from '../ports/storage.js';
import { type Due, DueHeap, isBefore } from './memory-due-heap.js';

/** A task, in the heap of those that wait (`at` is its `runAt`) or of those that are held (the lease's end). */
interface TaskRow extends Due {
  readonly id: string;
  readonly queue: Queue;
  task: NewTask;
  runAt: Instant;
  version: number;
  attempts: number;
  owner: string | null;
  claimedVersion: number;
}

interface Queue {
  readonly rows: Map<string, TaskRow>;
  readonly waiting: DueHeap<TaskRow>;
  readonly held: DueHeap<TaskRow>;
}

/** Tasks in memory: adding, claiming and finishing one costs O(log n), however many wait. */
export class MemoryTasks implements TaskStore {
  readonly #clock: Clock;
  readonly #queues = new Map<string, Queue>();
  readonly #byId = new Map<string, TaskRow>();
  #added = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Part of a commit. */
  put(task: NewTask): void {
    const now = this.#clock.now();
    const runAt = task.runAt ?? now;
    const queue = this.#queue(task.queue);
    const known = queue.rows.get(task.key);
    if (known) {
      const held = isHeld(known, now);
      // Whoever adds to what is due already does not send it to the end of the queue.
      const keepsPlace = task.runAt === undefined && !held && known.runAt < now;
      known.task = task;
      if (!keepsPlace) known.runAt = runAt;
      known.version++;
      if (!held) wait(known);
      return;
    }
    const order = ++this.#added;
    const row: TaskRow = {
      id: String(order),
      queue,
      order,
      at: runAt,
      place: 0,
      task,
      runAt,
      version: 1,
      attempts: 0,
      owner: null,
      claimedVersion: 0,
    };
    queue.rows.set(task.key, row);
    this.#byId.set(row.id, row);
    queue.waiting.add(row);
  }

  /** Part of a commit. */
  cancel(key: TaskKey): void {
    const row = this.#queues.get(key.queue)?.rows.get(key.key);
    if (row) this.#remove(row);
  }

  /** Whether the task waits or runs. */
  has({ queue, key }: TaskKey): boolean {
    return this.#queues.get(queue)?.rows.has(key) ?? false;
  }

  async claim(request: {
    queues: readonly string[];
    owner: string;
    leaseMs: number;
    limit: number;
  }): Promise<Task[]> {
    const now = this.#clock.now();
    const queues: Queue[] = [];
    for (const name of request.queues) {
      const queue = this.#queues.get(name);
      if (!queue || queues.includes(queue)) continue;
      this.#takeBackLapsed(queue, now);
      queues.push(queue);
    }
    const tasks: Task[] = [];
    while (tasks.length < request.limit) {
      const row = longestDue(queues, now);
      if (!row) break;
      row.queue.waiting.remove(row);
      row.owner = request.owner;
      row.claimedVersion = row.version;
      row.at = now + request.leaseMs;
      row.queue.held.add(row);
      tasks.push(taskOf(row));
    }
    return tasks;
  }

  async renew(id: string, owner: string, leaseMs: number): Promise<boolean> {
    const row = this.#heldBy(id, owner);
    if (!row) return false;
    const { held } = row.queue;
    held.remove(row);
    row.at = this.#clock.now() + leaseMs;
    held.add(row);
    return true;
  }

  async done(id: string, owner: string, version: number): Promise<void> {
    const row = this.#heldBy(id, owner);
    if (!row) return;
    if (row.version <= version) return this.#remove(row);
    row.attempts = 0;
    wait(row);
  }

  async retry(id: string, owner: string, delayMs: number, error?: string): Promise<void> {
    const row = this.#heldBy(id, owner);
    if (!row) return;
    if (error !== undefined) row.attempts++;
    if (row.version === row.claimedVersion) row.runAt = this.#clock.now() + delayMs;
    wait(row);
  }

  async reclaim(queue: string, owner: string): Promise<void> {
    const known = this.#queues.get(queue);
    for (const row of known?.rows.values() ?? []) {
      if (row.owner !== null && row.owner !== owner) wait(row);
    }
  }

  async count(queue: string): Promise<number> {
    return this.#queues.get(queue)?.rows.size ?? 0;
  }

  #queue(name: string): Queue {
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = { rows: new Map(), waiting: new DueHeap(), held: new DueHeap() };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #heldBy(id: string, owner: string): TaskRow | undefined {
    const row = this.#byId.get(id);
    return row && row.owner === owner && isHeld(row, this.#clock.now()) ? row : undefined;
  }

  #takeBackLapsed(queue: Queue, now: Instant): void {
    for (let row = queue.held.first(); row && row.at <= now; row = queue.held.first()) {
      wait(row);
    }
  }

  #remove(row: TaskRow): void {
    heapOf(row).remove(row);
    row.queue.rows.delete(row.task.key);
    this.#byId.delete(row.id);
  }
}

/** From wherever the row is to its place among those that wait. */
const wait = (row: TaskRow): void => {
  heapOf(row).remove(row);
  row.owner = null;
  row.at = row.runAt;
  row.queue.waiting.add(row);
};

const heapOf = ({ owner, queue }: TaskRow): DueHeap<TaskRow> => (owner === null ? queue.waiting : queue.held);

/** A row that is held has the end of its lease in `at`. */
const isHeld = (row: TaskRow, now: Instant): boolean => row.owner !== null && row.at > now;

const longestDue = (queues: readonly Queue[], now: Instant): TaskRow | null => {
  let found: TaskRow | null = null;
  for (const { waiting } of queues) {
    const row = waiting.first();
    if (row && row.at <= now && (!found || isBefore(row, found))) found = row;
  }
  return found;
};

const taskOf = ({ id, task, runAt, attempts, version }: TaskRow): Task => {
  const { queue, key, kind, sessionId, payload } = task;
  if (sessionId !== undefined && payload === undefined) {
    return { id, queue, key, kind, sessionId, runAt, attempts, version };
  }
  return {
    id,
    queue,
    key,
    kind,
    runAt,
    attempts,
    version,
    ...(sessionId !== undefined && { sessionId }),
    ...(payload !== undefined && { payload }),
  };
};
