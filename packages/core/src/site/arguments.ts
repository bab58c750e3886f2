import { isBlank, isStorable, LIMITS, type SessionId } from '@pocketping/protocol';
import { PocketPingError } from '../errors.js';
import { shown } from '../options/shown.js';
import { nearest } from '../options/unknown.js';

/** Says what is wrong with a value, as the end of a sentence about it, or nothing. */
export type Check = (value: unknown) => string | undefined;

export const invalid = (method: string, problem: string): PocketPingError =>
  new PocketPingError('validation_failed', `${method}: ${problem}.`);

/** A text in which there is something to see, unless it may be `blank`. */
export const textUpTo =
  (most: number, { blank = false } = {}): Check =>
  (value) => {
    if (typeof value !== 'string') return `must be a text, but is ${shown(value)}`;
    if (value.length > most) return `must have at most ${most} UTF-16 code units, but has ${value.length}`;
    if (!isStorable(value)) return 'must not contain lone surrogates or NUL characters';
    return isBlank(value) && !blank ? 'must not be blank' : undefined;
  };

export const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.some((choice) => choice === value)
      ? undefined
      : `must be one of ${choices.join(', ')}, but is ${shown(value)}`;

/** @param inWords what it has to be */
export const numberThat =
  (inWords: string, holds: (value: number) => boolean): Check =>
  (value) =>
    typeof value === 'number' && holds(value) ? undefined : `must be ${inWords}, but is ${shown(value)}`;

export const flag: Check = (value) =>
  typeof value === 'boolean' ? undefined : `must be true or false, but is ${shown(value)}`;

/** What each field of an argument has to be. */
export interface Fields<Name extends string> {
  readonly required?: { readonly [field in Name]?: Check };
  readonly optional?: { readonly [field in Name]?: Check };
}

/**
 * The fields of an argument, which plain JavaScript may have given anything; those that are undefined are not given.
 * @param what the argument is called
 * @throws PocketPingError `validation_failed`, saying which field, what it is, and what it has to be
 */
export const fieldsOf = <Name extends string>(
  method: string,
  what: string,
  given: unknown,
  { required = {}, optional = {} }: Fields<Name>,
): Partial<Record<Name, unknown>> => {
  const checks: Record<string, Check | undefined> = { ...required, ...optional };
  const names = Object.keys(checks);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(method, `${what} must be an object with ${names.join(', ')}, but is ${shown(given)}`);
  }
  refuseUnknown(method, what, given, names);
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const value = (given as Record<string, unknown>)[name];
    if (value === undefined && !Object.hasOwn(required, name)) continue;
    const problem = checks[name]?.(value);
    if (problem !== undefined) throw invalid(method, `${name} ${problem}`);
    fields[name] = value;
  }
  return fields as Partial<Record<Name, unknown>>;
};

/** A slip would go unnoticed otherwise, and what somebody wanted would not happen. */
const refuseUnknown = (method: string, what: string, given: object, known: readonly string[]): void => {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.includes(name)) continue;
    const meant = nearest(name, known);
    const instead = meant === undefined ? `known: ${known.join(', ')}` : `${meant} is meant`;
    throw invalid(method, `${what} has ${shown(name)}, which is unknown; ${instead}`);
  }
};

/** @throws PocketPingError `validation_failed` for what cannot be an id */
export const checkedId = (method: string, what: string, id: unknown): string => {
  if (typeof id === 'string' && isStorable(id)) return id;
  throw invalid(method, `the id of ${what} must be a text, but is ${shown(id)}`);
};

export const checkedSessionId = (method: string, id: unknown): SessionId =>
  checkedId(method, 'the session', id);

/** What the site is told of a session that is not there. */
export const unknownSession = (method: string, sessionId: SessionId): PocketPingError =>
  new PocketPingError(
    'session_not_found',
    `${method}: there is no session ${sessionId.slice(0, LIMITS.idLength)}. getSessions() lists the open ones.`,
  );

/** What the site is told of a session that takes nothing more. */
export const endedSession = (method: string, sessionId: SessionId): PocketPingError =>
  new PocketPingError(
    'session_ended',
    `${method}: the visitor has ended session ${sessionId}, which takes nothing more. When they are back, another one begins.`,
  );
