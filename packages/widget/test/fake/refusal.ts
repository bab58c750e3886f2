import type { ErrorCode } from '@pocketping/protocol';

/** An answer that is not a success. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly retryAfter?: number,
  ) {
    super(code);
  }
}
