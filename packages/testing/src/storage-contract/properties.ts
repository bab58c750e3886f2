import type { StoragePort } from '@pocketping/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.js';
import type { StorageContract } from './fixture.js';
import { audit } from './model/audit.js';
import { operationOf } from './model/operation.js';
import { inAnyOrder } from './model/orders.js';
import { emptyModel, type Model } from './model/rows.js';
import { coda, prelude, type Step, step } from './model/step.js';

/** How much is tried. */
export interface Effort {
  readonly runs: number;
  /** Milliseconds after which no further run begins. */
  readonly ms: number;
  /** What fast-check printed when a run failed: does that one again. */
  readonly replay?: { readonly seed: number; readonly path: string };
}

/** Random sequences of calls, alone and several at once, beside a model that says what each must answer. */
export const describeProperties = (contract: StorageContract, effort: Effort): void => {
  describe('any sequence of calls', () => {
    it('answers as the model does', { timeout: effort.ms + 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 50, size: 'max' }), fc.boolean(), (steps, shared) =>
          follow(contract, steps, shared),
        ),
        {
          numRuns: effort.runs,
          interruptAfterTimeLimit: effort.ms,
          markInterruptAsFailure: false,
          ...effort.replay,
        },
      );
    });
  });
};

/** @param shared two instances take turns, where a storage can be shared */
const follow = async (contract: StorageContract, steps: readonly Step[], shared: boolean): Promise<void> => {
  const clock = virtualClock();
  const created = await contract.create({ clock });
  await created.init?.();
  let storages = [created];
  if (shared) storages = [...storages, ...(await another(contract, created, clock))];
  let models: readonly Model[] = [emptyModel()];
  let turn = 0;
  const next = () => storages[turn++ % storages.length] as StoragePort;
  try {
    for (const each of [...prelude, ...steps, ...coda]) {
      switch (each.do) {
        case 'wait':
          clock.set(clock.now() + each.ms);
          break;
        case 'reopen': {
          const [again] = await another(contract, created, clock);
          if (!again) break;
          await Promise.all(storages.map((storage) => storage.close?.()));
          storages = [again];
          break;
        }
        default: {
          const acts = each.do === 'together' ? each.acts : [each];
          const operations = acts.map((act) => operationOf(act, models[0] as Model, clock.now()));
          const answers = await Promise.all(operations.map((operation) => operation.run(next())));
          models = inAnyOrder(
            models,
            operations.map((operation, index) => ({ operation, answer: answers[index] })),
          );
        }
      }
    }
    await auditAny(next(), models);
  } finally {
    await Promise.all(storages.map((storage) => storage.close?.()));
  }
};

/** The storage holds what one of the models says. */
const auditAny = async (storage: StoragePort, [model, ...others]: readonly Model[]): Promise<void> => {
  try {
    await audit(storage, model as Model);
  } catch (error) {
    if (others.length === 0) throw error;
    await auditAny(storage, others);
  }
};

const another = async (
  { reopen }: StorageContract,
  storage: StoragePort,
  clock: VirtualClock,
): Promise<StoragePort[]> => {
  const opened = await reopen?.(storage, { clock });
  await opened?.init?.();
  return opened ? [opened] : [];
};
