import type { FaultKind } from '@pocketping/emulators';
import type { CallName } from '../fate.js';
import type { SeenCall } from './app.js';

/** Faults after which nobody knows whether a post was made, although it was, or may have been. */
const UNHEARD: ReadonlySet<FaultKind> = new Set([
  'server_error',
  'bad_gateway_html',
  'broken_body',
  'timeout_after',
  'reset',
]);

export const isUnheard = (faults: readonly FaultKind[]): boolean => faults.some((kind) => UNHEARD.has(kind));

/** A platform's names for them. */
export type CallNames = Readonly<Record<Exclude<CallName, 'any'>, readonly string[]>>;

/** Which call one of a platform's is, by the platform's names for them. */
export const callNamed = (names: CallNames, name: string): SeenCall['call'] =>
  (Object.keys(names) as (keyof typeof names)[]).find((call) => names[call].includes(name)) ?? 'other';
