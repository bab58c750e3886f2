import { z } from 'zod';
import { LIMITS } from './limits.js';
import { isBlank, isStorable, text } from './text.js';

/** What survives `JSON.stringify` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What an event carries: a JSON object. */
export type EventData = { readonly [key: string]: Json };

const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What an event is called. `*` is no name: handlers use it for every one. */
export const eventName = text(LIMITS.eventNameLength)
  .min(1)
  .refine((name) => !control.test(name), 'must not contain control characters or line breaks')
  .refine((name) => !isBlank(name), 'must not be blank')
  .refine((name) => name !== '*', 'must not be *, which stands for every name');

/**
 * A JSON object of at most `LIMITS.eventBytes` and `LIMITS.eventDepth`. Keys by which a careless copy would change the
 * prototype of all objects are refused, so that whoever handles the event need not think of them.
 */
export const eventData = z.unknown().superRefine((value, context) => {
  const problem = isObject(value) ? (problemWithin(value, 1) ?? tooLarge(value)) : 'must be a JSON object';
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}) as z.ZodType<EventData>;

/** A custom event as a visitor's client sees it. */
export const wireEvent = z.object({
  name: eventName,
  data: eventData.optional(),
  timestamp: z.iso.datetime(),
  sessionId: z.string(),
});
export type WireEvent = z.infer<typeof wireEvent>;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a value or with anything in it. @param depth of the value itself */
const problemWithin = (value: unknown, depth: number): string | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : UNSTORABLE;
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'must not hold a number that JSON has not';
  if (typeof value === 'boolean' || value === null) return undefined;
  if (typeof value !== 'object') return `must not hold a ${typeof value}`;
  if (depth > LIMITS.eventDepth) return `must not be nested deeper than ${LIMITS.eventDepth} levels`;
  for (const [key, part] of Object.entries(value)) {
    const problem = problemOfKey(key, part) ?? problemWithin(part, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const UNSTORABLE = 'must not contain lone surrogates or NUL characters';

/** Merged into another object, `__proto__` replaces what that inherits, and `constructor` leads to what all inherit. */
const problemOfKey = (key: string, value: unknown): string | undefined => {
  if (!isStorable(key)) return UNSTORABLE;
  if (key === '__proto__') return 'must not have a key __proto__';
  if (key === 'constructor' && typeof value === 'object' && value !== null) {
    return 'must not have an object under the key constructor';
  }
  return undefined;
};

const utf8 = new TextEncoder();

const tooLarge = (value: object): string | undefined => {
  const bytes = utf8.encode(JSON.stringify(value)).length;
  return bytes <= LIMITS.eventBytes
    ? undefined
    : `must have at most ${LIMITS.eventBytes} bytes as JSON in UTF-8, but has ${bytes}`;
};
