import { ERROR_STATUS, type ErrorCode } from '@pocketping/protocol';

const mark = Symbol.for('pocketping.error');
const bridgeMark = Symbol.for('pocketping.bridge-error');

const has = (value: unknown, symbol: symbol): boolean =>
  typeof value === 'object' && value !== null && symbol in value;

/** Something a caller asked for that cannot be done. Branch on `code`; the message says what, where and what to do. */
export class PocketPingError extends Error {
  override readonly name = 'PocketPingError';
  readonly [mark] = true;
  readonly code: ErrorCode;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  readonly details?: unknown;
  /** Milliseconds after which a retry makes sense. */
  readonly retryAfterMs?: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = ERROR_STATUS[code] === 429 || ERROR_STATUS[code] >= 500;
    if (options.details !== undefined) this.details = options.details;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }

  /** Like `instanceof`, and true across two copies of this package. */
  static isInstance(value: unknown): value is PocketPingError {
    return has(value, mark);
  }
}

/**
 * Why a platform did not do what a bridge asked; the engine acts on the code.
 *
 * - `rate_limited`: wait `retryAfterMs`; the scope says for whom.
 * - `uncertain`: the call may have taken effect (a timeout, a reset, a 5xx after sending).
 * - `thread_gone`: the thread no longer exists or takes no posts from us.
 * - `message_gone`: the message to edit or remove no longer exists, or can no longer be changed.
 * - `unauthorized`: the platform no longer lets us in; `message` says what to click.
 * - `misconfigured`: the bridge cannot work with these settings; `message` says what to change.
 * - `invalid`: the platform refuses this content.
 * - `unavailable`: the platform cannot be reached; certainly nothing happened.
 */
export type BridgeErrorCode =
  | 'rate_limited'
  | 'uncertain'
  | 'thread_gone'
  | 'message_gone'
  | 'unauthorized'
  | 'misconfigured'
  | 'invalid'
  | 'unavailable';

export type BridgeScope = 'thread' | 'chat' | 'bot';

/** What a bridge's calls reject with. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly [bridgeMark] = true;
  readonly code: BridgeErrorCode;
  /** For `rate_limited`: milliseconds to wait. */
  readonly retryAfterMs?: number;
  /** For `rate_limited`: who has to wait. `chat` unless said otherwise. */
  readonly scope?: BridgeScope;

  constructor(
    code: BridgeErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; scope?: BridgeScope } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.scope !== undefined) this.scope = options.scope;
  }

  /** Like `instanceof`, and true across two copies of this package. */
  static isInstance(value: unknown): value is BridgeError {
    return has(value, bridgeMark);
  }
}

/** What a stopped engine answers. */
export const engineStopped = (): PocketPingError =>
  new PocketPingError('unavailable', 'This engine was stopped; create a new one.');
