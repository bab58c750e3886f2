import { z } from 'zod';

const unstorable = /[\p{Cs}\0]/u;
/** Whether UTF-8 and every database can hold a string: it has no lone surrogate and no NUL. */
export const isStorable = (value: string): boolean => !unstorable.test(value);

/** Whether there is nothing in a string that anybody would see. */
export const isBlank = (value: string): boolean => !/[^\p{White_Space}\p{Cf}]/u.test(value);

const everyUnstorable = /[\p{Cs}\0]/gu;

/** A string that UTF-8 and every database can hold: no lone surrogate, no NUL. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    // Zod counts code points, as JSON Schema does; what the limit bounds is memory and the platforms' own counting.
    .refine((value) => value.length <= max, `must have at most ${max} UTF-16 code units`)
    .refine(isStorable, 'must not contain lone surrogates or NUL characters');

/**
 * What a browser tells about itself: cut and cleaned rather than refused,
 * because a page title that ends in half an emoji must not stop a visitor from writing.
 */
export const lenientText = (max: number) =>
  z.string().transform((value) => value.slice(0, max).replace(everyUnstorable, '\uFFFD'));

/** An id that a client names: printable ASCII without spaces. */
export const clientId = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');
