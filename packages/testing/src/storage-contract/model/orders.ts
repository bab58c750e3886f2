import type { Operation } from './operation.js';
import type { Model } from './rows.js';

interface Answered {
  readonly operation: Operation;
  readonly answer: unknown;
}

/**
 * All that a storage may hold after calls that were made at once: some answers tell in which order they came, and some
 * do not.
 * @throws what the model found wrong, when there is no order in which each would have got its answer
 */
export const inAnyOrder = (models: readonly Model[], answered: readonly Answered[]): Model[] => {
  const found = new Map<string, Model>();
  let failure: unknown;
  const follow = (model: Model, left: readonly Answered[]): void => {
    if (left.length === 0) found.set(JSON.stringify(model), model);
    for (const one of left) {
      const then = structuredClone(model);
      try {
        one.operation.check(then, one.answer);
      } catch (error) {
        failure = error;
        continue;
      }
      follow(
        then,
        left.filter((other) => other !== one),
      );
    }
  };
  for (const model of models) follow(model, answered);
  if (found.size === 0) throw failure;
  return [...found.values()];
};
