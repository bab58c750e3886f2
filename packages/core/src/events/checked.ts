import { type EventData, eventData, eventName, LIMITS } from '@pocketping/protocol';
import { PocketPingError } from '../errors.js';

/** What the site's own code wants to tell, as every carrier can take it. It has nothing in common with what was given. */
export interface CheckedEvent {
  readonly name: string;
  readonly data?: EventData;
}

/** @throws PocketPingError `validation_failed`, whose message begins with the `method` that was called */
export const checkedEvent = (method: string, name: unknown, data: unknown): CheckedEvent => {
  const checkedName = named(method, name);
  if (data === undefined) return { name: checkedName };
  return { name: checkedName, data: checked(`${method}: data`, eventData, asJson(method, data)) };
};

/** @throws PocketPingError `validation_failed`; `*` is every name. */
export const checkedSubscription = (method: string, name: unknown): string =>
  name === '*' ? name : named(method, name);

const named = (method: string, name: unknown): string => {
  if (typeof name !== 'string') {
    throw new PocketPingError(
      'validation_failed',
      `${method}: the name must be a string, but is ${typeof name}.`,
    );
  }
  if (name.length < 1 || name.length > LIMITS.eventNameLength) {
    throw new PocketPingError(
      'validation_failed',
      `${method}: the name must have 1 to ${LIMITS.eventNameLength} UTF-16 code units, but has ${name.length}.`,
    );
  }
  return checked(`${method}: the name`, eventName, name);
};

/** A copy as JSON has it: dates as text, nothing that is undefined, and no link to what the caller may go on to change. */
const asJson = (method: string, data: unknown): unknown => {
  let json: string | undefined;
  try {
    json = JSON.stringify(data);
  } catch (cause) {
    // What a toJSON throws may be anything.
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw new PocketPingError('validation_failed', `${method}: data cannot be put as JSON${why}`, { cause });
  }
  return json === undefined ? undefined : JSON.parse(json);
};

interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { readonly message: string }[] };
      };
}

const checked = <T>(what: string, schema: Schema<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PocketPingError(
    'validation_failed',
    `${what} ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
  );
};
