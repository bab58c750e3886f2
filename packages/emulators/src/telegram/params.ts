import { badRequest } from './errors.js';

/** The parameters of a call, as they came: JSON values, or strings from a query or a form. */
export type Params = Readonly<Record<string, unknown>>;

export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badRequest(`strings expected in parameter "${name}"`);
}

/** An integer, also written as a string. Undefined if absent, empty or not a number, as the platform takes it. */
export function integer(params: Params, name: string): number | undefined {
  const value = params[name];
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^-?\d+$/.test(value.trim())
        ? Number(value)
        : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** `true`, `"true"`, `"yes"` and `"1"` are true; everything else is false. */
export const flag = (params: Params, name: string): boolean =>
  ['true', 'yes', '1'].includes(String(params[name] ?? '').toLowerCase());

/** A JSON-serialised object or array, or one that already is JSON. */
export function structure(params: Params, name: string): unknown {
  const value = params[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}

/** An object parameter such as `reply_parameters`. */
export function object(params: Params, name: string): Params | undefined {
  const value = structure(params, name);
  if (value === undefined) return undefined;
  if (!isObject(value)) throw badRequest(`object expected as ${name.replaceAll('_', ' ')}`);
  return value;
}

export const isObject = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
