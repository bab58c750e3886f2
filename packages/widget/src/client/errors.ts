/**
 * Why something did not happen. `code` is one of the server's (`validation_failed`, `rate_limited`, …) or the widget's
 * own: `network` (no answer), `discarded`, `reset`, `destroyed`.
 */
export class PocketPingError extends Error {
  override readonly name = 'PocketPingError';
  constructor(
    readonly code: string,
    message = code,
    /** The HTTP status; 0 if there was no answer. */
    readonly status = 0,
    /** Milliseconds the server asked to wait (`Retry-After`). */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }

  /** The same request may succeed later. */
  get retryable(): boolean {
    return this.code === 'network' || this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

/** Anything thrown, as the one error the widget knows. */
export const asPocketPingError = (error: unknown): PocketPingError =>
  error instanceof PocketPingError ? error : new PocketPingError('network', String(error));
