import type { Instant, Task } from '@pocketping/core';
import type { Model, ModelTask } from './rows.js';

/** What may be claimed, the longest due first. */
export const dueIn = (model: Model, queues: readonly string[], now: Instant): ModelTask[] =>
  model.tasks
    .filter(({ task, runAt }) => queues.includes(task.queue) && runAt <= now)
    .filter((task) => !isHeld(task, now))
    .sort((a, b) => a.runAt - b.runAt || a.number - b.number);

export const hold = (task: ModelTask, owner: string, until: Instant, id: string): void => {
  Object.assign(task, { owner, leaseUntil: until, claimedVersion: task.version, id });
};

export const taskOf = ({ task, runAt, version, attempts }: ModelTask): Omit<Task, 'id'> => ({
  ...task,
  runAt,
  version,
  attempts,
});

/** The task with this id, if `owner` holds it. */
export const heldBy = (model: Model, id: string, owner: string, now: Instant): ModelTask | undefined =>
  model.tasks.find((task) => task.id === id && task.owner === owner && isHeld(task, now));

export const finish = (model: Model, task: ModelTask, version: number): void => {
  if (task.version <= version) model.tasks = model.tasks.filter((other) => other !== task);
  else Object.assign(task, { owner: null, attempts: 0 });
};

export const handBack = (task: ModelTask, runAt: Instant, failed: boolean): void => {
  if (task.version === task.claimedVersion) task.runAt = runAt;
  if (failed) task.attempts++;
  task.owner = null;
};

const isHeld = ({ owner, leaseUntil }: ModelTask, now: Instant): boolean =>
  owner !== null && leaseUntil > now;
