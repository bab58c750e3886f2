import { between, type Random, randomFrom } from './random.js';

/**
 * - `rate_limit`: 429 with `retry_after`
 * - `server_error`: 500 as JSON
 * - `bad_gateway_html`: 502 with a web page instead of JSON
 * - `unauthorized`: 401, as if the token had been revoked
 * - `refuse`: any other refusal, by `code` and `description`
 * - `slow`: the answer comes `delayMs` later
 * - `slow_body`: the headers and half of the body come at once, the rest `delayMs` later
 * - `broken_body`: the headers and half of the body come at once; after `delayMs` the connection is cut
 * - `timeout_before`: nothing happens and no answer comes; after `delayMs` the connection is cut
 * - `timeout_after`: the call works, but its answer never comes; after `delayMs` the connection is cut
 * - `reset`: the connection is cut at once
 *
 * The call works under `slow`, `slow_body`, `broken_body` and `timeout_after`; it does not under the others, unless the
 * rule says so with `effect`.
 */
export type FaultKind =
  | 'rate_limit'
  | 'server_error'
  | 'bad_gateway_html'
  | 'unauthorized'
  | 'refuse'
  | 'slow'
  | 'slow_body'
  | 'broken_body'
  | 'timeout_before'
  | 'timeout_after'
  | 'reset';

export interface FaultRule {
  /** What strikes; several kinds strike the same call together, such as `['slow', 'rate_limit']`. */
  readonly kind: FaultKind | readonly FaultKind[];
  /** The method it strikes, in any case, or one of several; every method if absent. `download` is the fetching of a file. */
  readonly method?: string | readonly string[];
  /** How many calls it strikes; 1 unless told. `Infinity` until undone. */
  readonly times?: number;
  /** Seconds, for `rate_limit`; 1 unless told. */
  readonly retryAfter?: number;
  /** Milliseconds; 1,000 for `slow` and the bodies and 30,000 for the timeouts unless told. */
  readonly delayMs?: number;
  /** For `refuse`; 400 unless told. */
  readonly code?: number;
  /** For `refuse`, where a platform's codes are not those of HTTP: the status; 400 unless told. */
  readonly status?: number;
  /** For `refuse`: the whole description, such as `Bad Request: CHAT_RESTRICTED`. */
  readonly description?: string;
  /** True: the call works although the client is told otherwise, by a refusal or a cut connection. */
  readonly effect?: boolean;
}

/** Faults by chance, the same for the same seed and the same calls. */
export interface Storm extends Pick<FaultRule, 'method' | 'retryAfter' | 'delayMs' | 'effect'> {
  /** How likely a call is struck: 0 never, 1 always. */
  readonly rate: number;
  /** What may strike, each as likely as the others; an entry may be several kinds that strike together. */
  readonly kinds: readonly FaultRule['kind'][];
  readonly seed: number;
}

/** Faults waiting to strike; of several that match a call, the oldest does. Knows nothing of HTTP or of the methods. */
export class Faults {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];
  readonly #storms: { readonly storm: Storm; readonly random: Random }[] = [];

  /** @returns a function that withdraws what is left of the fault */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? 1 };
    this.#rules.push(entry);
    return () => remove(this.#rules, entry);
  }

  /** @returns a function that ends the storm */
  storm(storm: Storm): () => void {
    if (storm.kinds.length === 0) throw new Error('a storm needs kinds of faults');
    const entry = { storm, random: randomFrom(storm.seed) };
    this.#storms.push(entry);
    return () => remove(this.#storms, entry);
  }

  /** The fault that strikes this call, used up by one. */
  take(method: string): FaultRule | undefined {
    const entry = this.#rules.find(({ rule }) => strikes(rule, method));
    if (!entry) return this.#byChance(method);
    entry.left -= 1;
    if (entry.left <= 0) remove(this.#rules, entry);
    return entry.rule;
  }

  #byChance(method: string): FaultRule | undefined {
    for (const { storm, random } of this.#storms) {
      if (!strikes(storm, method)) continue;
      // Both are drawn for each call, so that the numbers do not depend on what was struck before.
      const [chance, choice] = [random(), between(random, 0, storm.kinds.length)];
      if (chance < storm.rate) return { ...storm, kind: storm.kinds[choice]! };
    }
    return undefined;
  }
}

/** All that strikes under a rule. */
export const kindsOf = ({ kind }: FaultRule): readonly FaultKind[] =>
  typeof kind === 'string' ? [kind] : kind;

const strikes = (rule: Pick<FaultRule, 'method'>, method: string): boolean =>
  rule.method === undefined ||
  [rule.method].flat().some((named) => named.toLowerCase() === method.toLowerCase());

function remove<T>(list: T[], entry: T): void {
  const at = list.indexOf(entry);
  if (at >= 0) list.splice(at, 1);
}
