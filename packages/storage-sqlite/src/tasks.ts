import type { Clock, NewTask, Task, TaskKey, TaskStore } from '@pocketping/core';
import type { Connection } from './connection.js';
import type { GroupCommit } from './group-commit.js';
import { PROJECT, TASK, type TaskRow, toTask } from './rows.js';

/** Tasks. A task is held while it has an owner and `lease_until` lies ahead. */
export class SqliteTasks implements TaskStore {
  readonly #connection: Connection;
  readonly #group: GroupCommit;
  readonly #clock: Clock;

  constructor(connection: Connection, group: GroupCommit, clock: Clock) {
    this.#connection = connection;
    this.#group = group;
    this.#clock = clock;
  }

  async claim(request: {
    queues: readonly string[];
    owner: string;
    leaseMs: number;
    limit: number;
  }): Promise<Task[]> {
    const { queues, owner, leaseMs, limit } = request;
    // Looked for without a lock: mostly there is nothing, and then nobody has to wait for anybody.
    if (limit < 1) return [];
    if ((await this.#connection.read(() => this.#due(queues, limit))).length === 0) return [];
    return this.#group.run(() => {
      const until = this.#clock.now() + leaseMs;
      return this.#due(queues, limit).map((row) => {
        const [number, queue, key] = row;
        this.#connection.run(HOLD, [owner, until, queue, key]);
        return toTask(row, JSON.stringify([number, queue, key]));
      });
    });
  }

  async renew(id: string, owner: string, leaseMs: number): Promise<boolean> {
    return this.#group.run(() => {
      const now = this.#clock.now();
      return this.#connection.run(RENEW, [now + leaseMs, ...keyOf(id), owner, now]) > 0;
    });
  }

  async done(id: string, owner: string, version: number): Promise<void> {
    await this.#group.run(() => {
      const held = [...keyOf(id), owner, this.#clock.now()];
      if (this.#connection.run(REMOVE, [...held, version]) === 0) this.#connection.run(AGAIN, held);
    });
  }

  async retry(id: string, owner: string, delayMs: number, error?: string): Promise<void> {
    await this.#group.run(() => {
      const now = this.#clock.now();
      const failures = error === undefined ? 0 : 1;
      this.#connection.run(RETRY, [failures, now + delayMs, ...keyOf(id), owner, now]);
    });
  }

  async reclaim(queue: string, owner: string): Promise<void> {
    await this.#group.run(() => this.#connection.run(RECLAIM, [queue, owner]));
  }

  async count(queue: string): Promise<number> {
    const row = await this.#connection.read(() => this.#connection.get<[number]>(COUNT, [queue]));
    return row?.[0] ?? 0;
  }

  /** Of each queue the longest due, because an index gives them in order; of these, the longest due of all. */
  #due(queues: readonly string[], limit: number): TaskRow[] {
    const now = this.#clock.now();
    const due = [...new Set(queues)].flatMap((queue) =>
      this.#connection.all<TaskRow>(DUE, [queue, now, now, limit]),
    );
    return due.sort((a, b) => a[RUN_AT] - b[RUN_AT] || a[NUMBER] - b[NUMBER]).slice(0, limit);
  }
}

const NUMBER = 0;
const RUN_AT = 6;

/** A task's id holds its key, so that it is found without another index, and its number. */
const keyOf = (id: string): [queue: string, key: string, number: number] => {
  try {
    const [number, queue, key] = JSON.parse(id) as [number, string, string];
    return [String(queue), String(key), Number(number)];
  } catch {
    return ['', '', 0];
  }
};

/** Part of a commit. @param number for a task that does not exist yet */
export const putTask = (connection: Connection, task: NewTask, number: number, now: number): void => {
  const { queue, key, kind, sessionId = null, payload, runAt } = task;
  const json = payload === undefined ? null : JSON.stringify(payload);
  const row = [queue, key, number, kind, sessionId, json, runAt ?? now];
  if (runAt === undefined) connection.run(PUT_NOW, [...row, now]);
  else connection.run(PUT_AT, row);
};

/** Part of a commit. */
export const cancelTask = (connection: Connection, { queue, key }: TaskKey): void => {
  connection.run(CANCEL, [queue, key]);
};

const DUE = `SELECT ${TASK} FROM tasks WHERE project_id = ${PROJECT} AND queue = ? AND run_at <= ? AND lease_until <= ?
  ORDER BY run_at, number LIMIT ?`;
const HOLD = `UPDATE tasks SET owner = ?, lease_until = ?, claimed_version = version
  WHERE project_id = ${PROJECT} AND queue = ? AND key = ?`;
const HELD = `project_id = ${PROJECT} AND queue = ? AND key = ? AND number = ? AND owner = ? AND lease_until > ?`;
const RENEW = `UPDATE tasks SET lease_until = ? WHERE ${HELD}`;
const REMOVE = `DELETE FROM tasks WHERE ${HELD} AND version <= ?`;
const AGAIN = `UPDATE tasks SET owner = NULL, lease_until = 0, attempts = 0 WHERE ${HELD}`;
const RETRY = `UPDATE tasks SET owner = NULL, lease_until = 0, attempts = attempts + ?,
  run_at = CASE WHEN version = claimed_version THEN ? ELSE run_at END WHERE ${HELD}`;
const RECLAIM = `UPDATE tasks SET owner = NULL, lease_until = 0
  WHERE project_id = ${PROJECT} AND queue = ? AND owner <> ?`;
const COUNT = `SELECT tasks FROM queues WHERE project_id = ${PROJECT} AND queue = ?`;
const PUT = `INSERT INTO tasks (queue, key, number, kind, session_id, payload, run_at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (project_id, queue, key) DO UPDATE SET kind = excluded.kind, session_id = excluded.session_id,
    payload = excluded.payload, version = version + 1, run_at =`;
const PUT_AT = `${PUT} excluded.run_at`;
/** What waits keeps its place in the queue if it is due already. */
const PUT_NOW = `${PUT} CASE WHEN lease_until <= ? THEN MIN(run_at, excluded.run_at) ELSE excluded.run_at END`;
const CANCEL = `DELETE FROM tasks WHERE project_id = ${PROJECT} AND queue = ? AND key = ?`;
