import type { Engine } from '../engine.js';
import type { Task } from '../model/index.js';
import type { LogFields } from '../ports/index.js';

/** For how long a claimed task is nobody else's; the storage's milliseconds. */
export const TASK_LEASE_MS = 60_000;
const RENEW_MS = 20_000;

type Ports = Pick<Engine, 'clock' | 'logger' | 'storage'>;

/** Who works on claimed tasks. */
interface Owner {
  readonly node: string;
  /** What the log says of the work. */
  readonly about: LogFields;
}

/** Claimed tasks that are being worked on. */
export class ClaimedTasks {
  readonly #works = new Set<Promise<void>>();
  readonly #ports: Ports;
  readonly #owner: Owner;
  readonly #ended: () => void;

  /** @param ended called whenever a work is over */
  constructor(ports: Ports, owner: Owner, ended: () => void) {
    this.#ports = ports;
    this.#owner = owner;
    this.#ended = ended;
  }

  get size(): number {
    return this.#works.size;
  }

  /** Begins the work of a task, which stays claimed for as long as it takes, and in the end hands it back. */
  begin(task: Task, work: () => Promise<void>): void {
    const over = new AbortController();
    void this.#keep(task, over.signal);
    const running = work()
      .catch((err: unknown) => {
        // The task's lease ends by itself, and then it is claimed again.
        this.#ports.logger.warn({ err, ...this.#owner.about, kind: task.kind }, 'could not hand a task back');
      })
      .finally(() => {
        over.abort();
        this.#works.delete(running);
        this.#ended();
      });
    this.#works.add(running);
  }

  /** Resolves when every work that is under way now is over. */
  async allOver(): Promise<void> {
    await Promise.all(this.#works);
  }

  async #keep(task: Task, over: AbortSignal): Promise<void> {
    const { clock, storage, logger } = this.#ports;
    const { node, about } = this.#owner;
    for (;;) {
      await clock.sleep(RENEW_MS, over);
      if (over.aborted) return;
      await storage.tasks.renew(task.id, node, TASK_LEASE_MS).catch((err: unknown) => {
        logger.warn({ err, ...about }, 'could not keep a task; trying again');
      });
    }
  }
}
