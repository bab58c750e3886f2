import {
  type Committed,
  type Conflict,
  type Instant,
  PocketPingError,
  type StoragePort,
  type Task,
  type WriteSet,
} from '@pocketping/core';
import { expect } from 'vitest';
import { commitToModel, contradictsItself } from './commit.js';
import type { Plan } from './plan.js';
import { type Model, type ModelEvent, sessionOf } from './rows.js';
import type { Act } from './step.js';
import { dueIn, finish, handBack, heldBy, hold, taskOf } from './tasks.js';

/** One call with all that it says, so that it can be made, and be told from the model whether its answer is right. */
export interface Operation<Answer = unknown> {
  run(storage: StoragePort): Promise<Answer>;
  /** Does it to the model. Throws when the answer is another than the model's. */
  check(model: Model, answer: Answer): void;
}

/** @param model as it stands when the call is made: others may come first */
export const operationOf = (act: Act, model: Model, now: Instant): Operation => {
  switch (act.do) {
    case 'commit':
      return commit(writeSetOf(act.plan, model, now), now);
    case 'claim':
      return claim(act, now);
    case 'renew':
    case 'done':
    case 'retry':
      return ofTask(act, model, now);
    case 'reclaim':
      return {
        run: ({ tasks }) => tasks.reclaim(act.queue, act.owner),
        check: (then) => {
          for (const each of then.tasks) {
            if (each.task.queue === act.queue && each.owner !== act.owner) each.owner = null;
          }
        },
      };
    case 'take':
      return take(act, now);
    case 'release':
      return {
        run: ({ lease }) => lease.release(act.lease, act.owner),
        check: (then) => {
          const lease = then.leases.find(({ name }) => name === act.lease);
          if (lease?.owner === act.owner) lease.owner = null;
        },
      };
  }
};

const REJECTED = 'rejected';

const commit = (write: WriteSet, now: Instant): Operation => ({
  run: (storage) =>
    storage.commit(write).catch((error: unknown) => {
      if (PocketPingError.isInstance(error)) throw error;
      return REJECTED;
    }),
  check: (model, answer) => {
    const outcome = commitToModel(model, write, now);
    if (outcome === 'mistake') return expect(answer).toBe(REJECTED);
    if (answer === REJECTED && contradictsItself(write)) return;
    const { conflict, ...rest } = answer as Committed | Conflict;
    if (conflict !== undefined) return expect({ conflict }).toEqual(outcome);
    const { session, events, messages, duplicate } = rest as Committed;
    expect({ session, events: events.map(withoutPosition), messages, duplicate }).toEqual(outcome);
    if (duplicate) return;
    for (const { position } of events) {
      expect(position).toBeGreaterThan(model.position);
      model.position = position;
    }
  },
});

export const withoutPosition = ({ position: _, ...event }: Committed['events'][number]): ModelEvent => event;

const claim = ({ queues, owner, leaseMs, limit }: Act & { do: 'claim' }, now: Instant): Operation => ({
  run: ({ tasks }) => tasks.claim({ queues, owner, leaseMs, limit }),
  check: (model, answer) => {
    const due = dueIn(model, queues, now).slice(0, limit);
    const tasks = answer as Task[];
    expect(tasks.map(({ id: _, ...task }) => task)).toEqual(due.map(taskOf));
    for (const [index, task] of due.entries()) hold(task, owner, now + leaseMs, (tasks[index] as Task).id);
  },
});

type OfTask = Act & { do: 'renew' | 'done' | 'retry' };

const ofTask = (act: OfTask, known: Model, now: Instant): Operation => {
  const claimed = known.tasks.filter(({ id }) => id !== undefined);
  const task = claimed[act.task % Math.max(1, claimed.length)];
  const id = task?.id ?? 'no such task';
  const owner = act.mine && task?.owner ? task.owner : 'somebody else';
  if (act.do === 'renew') {
    return {
      run: ({ tasks }) => tasks.renew(id, owner, act.leaseMs),
      check: (model, answer) => {
        const held = heldBy(model, id, owner, now);
        expect(answer).toBe(held !== undefined);
        if (held) held.leaseUntil = now + act.leaseMs;
      },
    };
  }
  if (act.do === 'done') {
    const version = (act.asClaimed ? task?.claimedVersion : task?.version) ?? 1;
    return {
      run: ({ tasks }) => tasks.done(id, owner, version),
      check: (model) => {
        const held = heldBy(model, id, owner, now);
        if (held) finish(model, held, version);
      },
    };
  }
  return {
    run: ({ tasks }) => tasks.retry(id, owner, act.delayMs, act.error ? 'failed' : undefined),
    check: (model) => {
      const held = heldBy(model, id, owner, now);
      if (held) handBack(held, now + act.delayMs, act.error);
    },
  };
};

const take = ({ lease: name, owner, ms }: Act & { do: 'take' }, now: Instant): Operation => ({
  run: ({ lease }) => lease.take(name, owner, ms),
  check: (model, answer) => {
    let lease = model.leases.find((each) => each.name === name);
    const held = lease !== undefined && lease.owner !== null && lease.until > now;
    if (held && lease?.owner !== owner) return expect(answer).toBeNull();
    if (held) expect(answer).toBe(lease?.token);
    else expect(answer).toBeGreaterThan(lease?.token ?? 0);
    if (!lease) {
      lease = { name, owner, token: 0, until: 0 };
      model.leases.push(lease);
    }
    Object.assign(lease, { owner, token: answer, until: now + ms });
  },
});

const writeSetOf = ({ expect: wish, tasks, ...plan }: Plan, model: Model, now: Instant): WriteSet => {
  const target = plan.session && 'id' in plan.session ? sessionOf(model, plan.session.id) : undefined;
  return {
    ...plan,
    at: now,
    ...(tasks && {
      tasks: tasks.map(({ inMs, ...task }) => ({
        ...task,
        ...(inMs !== undefined && { runAt: now + inMs }),
      })),
    }),
    ...(wish && { expect: expectationsOf(wish, target, model) }),
  };
};

const expectationsOf = (
  { token, notBlocked, seq, operatorSeq, status, fence }: NonNullable<Plan['expect']>,
  target: { readonly seq: number; readonly operatorSeq: number } | undefined,
  model: Model,
): NonNullable<WriteSet['expect']> => {
  const current = model.leases.find(({ name }) => name === fence?.lease)?.token ?? 1;
  return {
    ...(token !== undefined && { token }),
    ...(notBlocked && { notBlocked }),
    ...(seq !== undefined && { seq: (target?.seq ?? 0) + (seq ? 0 : 1) }),
    ...(operatorSeq !== undefined && { operatorSeq: (target?.operatorSeq ?? 0) + (operatorSeq ? 0 : 1) }),
    ...(status !== undefined && { status }),
    ...(fence && { fence: { lease: fence.lease, token: fence.holds ? current : current + 1 } }),
  };
};
