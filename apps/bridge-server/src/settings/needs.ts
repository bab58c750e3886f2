import type { Variables } from '../variables/variable.js';

/** The problem that variables are set which mean nothing without another one. */
export const needs = (table: Variables, set: ReadonlySet<string>, missing: string): string => {
  const names = Object.keys(table)
    .filter((key) => set.has(key))
    .map((key) => table[key]?.name);
  const [first, ...more] = names;
  return more.length === 0
    ? `${first} is set, but ${missing} is not: set it too, or remove the first.`
    : `${names.slice(0, -1).join(', ')} and ${more.at(-1)} are set, but ${missing} is not: set it too, or remove the others.`;
};
