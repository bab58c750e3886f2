import { BridgeError } from '../errors.js';
import type { Budget, Pacing } from '../ports/index.js';

/** Makes the error for an option that cannot work, from a message that says what to change. */
export type Wrong = (message: string) => BridgeError;

/** @param bridge the class whose options they are, e.g. `PigeonBridge` */
export const wrongIn =
  (bridge: string): Wrong =>
  (message) =>
    new BridgeError('misconfigured', `${bridge}: ${message}`);

/** Characters of a bridge's name: it is part of keys in the storage. */
export const LONGEST_NAME = 32;

/** Whether a bridge can be called that. */
export const isName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= LONGEST_NAME;

/** A bridge's `name`, checked. @throws what `wrong` makes */
export const nameFrom = (name: string, wrong: Wrong): string => {
  if (isName(name)) return name;
  throw wrong(
    `name is "${name}", but may have up to ${LONGEST_NAME} lower-case letters, digits and dashes only, and begins with no dash, e.g. "support-team".`,
  );
};

/** A bridge's `pacing`, checked. @throws what `wrong` makes */
export const pacingFrom = (pacing: Pacing, wrong: Wrong): Pacing => {
  for (const [scope, budget] of Object.entries(pacing) as [string, Budget | undefined][]) {
    if (!['thread', 'chat', 'bot'].includes(scope)) {
      throw wrong(`pacing.${scope} does not exist; there are pacing.chat, pacing.bot and pacing.thread.`);
    }
    if (budget === undefined) continue;
    if (!Number.isInteger(budget.calls) || budget.calls < 1) {
      throw wrong(`pacing.${scope}.calls must be a whole number from 1 on.`);
    }
    if (!Number.isFinite(budget.perMs) || budget.perMs <= 0) {
      throw wrong(`pacing.${scope}.perMs must be a number of milliseconds above 0.`);
    }
  }
  return pacing;
};
