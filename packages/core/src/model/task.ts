import type { SessionId } from '@pocketping/protocol';
import type { Instant, Json } from './actor.js';

/** Names a task: there is at most one with a given key in a queue. */
export interface TaskKey {
  /** Who may claim it. A change of a task's format changes its queue, so that older nodes leave it alone. */
  readonly queue: string;
  readonly key: string;
}

/** Work that must happen even if the process dies. */
export interface NewTask extends TaskKey {
  readonly kind: string;
  readonly sessionId?: SessionId;
  readonly payload?: Json;
  /** Not before this instant of the storage's clock; at once by default. */
  readonly runAt?: Instant;
}

/** A task that somebody claimed. */
export interface Task extends NewTask {
  readonly id: string;
  /** How often it was handed back with an error. */
  readonly attempts: number;
  /** Grows each time the same key is added again: `done` with an older one keeps the task. */
  readonly version: number;
}
