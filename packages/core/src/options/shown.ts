/** A value in few words, for an error that says what was given: a secret may be among the fields of an object. */
export const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return JSON.stringify(value).slice(0, 80);
  return `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`.slice(0, 80);
};
