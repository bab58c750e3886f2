import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, tooManyRequests, unauthorized } from './errors.js';

/**
 * - `rate_limit`: 429 with `retry_after`, nothing happens
 * - `server_error`: 500 as JSON, nothing happens
 * - `bad_gateway_html`: 502 with a web page instead of JSON, nothing happens
 * - `unauthorized`: 401, as if the token had been revoked
 * - `refuse`: any other refusal, by `code` and `description`
 * - `slow`: the call works, its answer comes `delayMs` later
 * - `timeout_before`: nothing happens and no answer comes; after `delayMs` the connection is cut
 * - `timeout_after`: the call works, but its answer never comes; after `delayMs` the connection is cut
 * - `reset`: the connection is cut at once, nothing happens
 */
export type FaultKind =
  | 'rate_limit'
  | 'server_error'
  | 'bad_gateway_html'
  | 'unauthorized'
  | 'refuse'
  | 'slow'
  | 'timeout_before'
  | 'timeout_after'
  | 'reset';

export interface FaultRule {
  readonly kind: FaultKind;
  /** The method it strikes, in any case; every method if absent. */
  readonly method?: string;
  /** How many calls it strikes; 1 unless told. `Infinity` until undone. */
  readonly times?: number;
  /** Seconds, for `rate_limit`; 1 unless told. */
  readonly retryAfter?: number;
  /** Milliseconds; 1,000 for `slow` and 30,000 for the timeouts unless told. */
  readonly delayMs?: number;
  /** For `refuse`; 400 unless told. */
  readonly code?: number;
  /** For `refuse`: the whole description, such as `Bad Request: CHAT_RESTRICTED`. */
  readonly description?: string;
}

/** How a call that a fault struck ends. */
export type Outcome<T> =
  | { readonly end: 'answered'; readonly value: T }
  | { readonly end: 'page'; readonly status: number; readonly html: string }
  | { readonly end: 'cut' };

/** Faults waiting to strike; of several that match a call, the oldest does. Knows nothing of HTTP or of the methods. */
export class Faults {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  /** @returns a function that withdraws what is left of the fault */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? 1 };
    this.#rules.push(entry);
    return () => this.#remove(entry);
  }

  /** The fault that strikes this call, used up by one. */
  take(method: string): FaultRule | undefined {
    const wanted = method.toLowerCase();
    const entry = this.#rules.find(
      ({ rule }) => rule.method === undefined || rule.method.toLowerCase() === wanted,
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#remove(entry);
    return entry.rule;
  }

  #remove(entry: { readonly rule: FaultRule; left: number }): void {
    const at = this.#rules.indexOf(entry);
    if (at >= 0) this.#rules.splice(at, 1);
  }
}

/**
 * Runs a call under a fault.
 * @param signal ends a wait early: the client hung up, or the emulator closes
 * @throws ApiError for the faults that are refusals
 */
export async function undergo<T>(
  rule: FaultRule | undefined,
  call: () => Promise<T>,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  if (!rule) return { end: 'answered', value: await call() };
  switch (rule.kind) {
    case 'slow': {
      const value = await call();
      await pause(rule.delayMs ?? 1_000, signal);
      return { end: 'answered', value };
    }
    case 'timeout_after':
      await call();
      await pause(rule.delayMs ?? 30_000, signal);
      return { end: 'cut' };
    case 'timeout_before':
      await pause(rule.delayMs ?? 30_000, signal);
      return { end: 'cut' };
    case 'reset':
      return { end: 'cut' };
    case 'bad_gateway_html':
      return { end: 'page', status: 502, html: badGateway };
    default:
      throw refusal(rule);
  }
}

function refusal(rule: FaultRule): ApiError {
  switch (rule.kind) {
    case 'rate_limit':
      return tooManyRequests(rule.retryAfter ?? 1);
    case 'unauthorized':
      return unauthorized();
    case 'refuse':
      return new ApiError(rule.code ?? 400, rule.description ?? 'Bad Request');
    default:
      return new ApiError(500, 'Internal Server Error');
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {});

const badGateway = `<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx/1.18.0</center>
</body>
</html>
`;
