import { BridgeError, type BridgeErrorCode } from '@pocketping/core';
import { expect } from 'vitest';

/** @returns what the call rejected with, which must be a `BridgeError` with this code */
export const failed = async (calling: Promise<unknown>, code: BridgeErrorCode): Promise<BridgeError> => {
  const error: unknown = await calling.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!BridgeError.isInstance(error)) {
    expect.fail(`expected a BridgeError "${code}", got ${error === undefined ? 'success' : String(error)}`);
  }
  expect(error.code, error.message).toBe(code);
  return error;
};
