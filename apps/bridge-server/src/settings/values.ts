import { readFileSync } from 'node:fs';
import { fileOf, type Part } from '../variables/index.js';
import { Unreadable, type ValuesOf, type Variable, type Variables } from '../variables/variable.js';
import type { Environment, Problem } from './problem.js';

/** What the variables of one part say. */
export interface Read<Table extends Variables> {
  readonly values: ValuesOf<Table>;
  /** Which of them the environment sets, whatever it says. */
  readonly set: ReadonlySet<keyof Table>;
  readonly problems: readonly Problem[];
  /** The texts that no log may have. */
  readonly secrets: readonly string[];
}

/** Reads a part's variables; one that is empty is not set. */
export const readValues = <Table extends Variables>(
  part: Part,
  table: Table,
  env: Environment,
): Read<Table> => {
  const values: Record<string, unknown> = {};
  const set = new Set<keyof Table>();
  const problems: Problem[] = [];
  const secrets: string[] = [];
  for (const [key, variable] of Object.entries(table)) {
    try {
      const given = textOf(variable, env);
      if (given !== undefined) set.add(key);
      const text = given ?? variable.default;
      if (given !== undefined && variable.secret) secrets.push(given);
      values[key] = text === undefined ? undefined : variable.read(text);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      set.add(key);
      problems.push({ concerns: part, text: `${variable.name} ${error.message}` });
    }
  }
  return { values: values as ValuesOf<Table>, set, problems, secrets };
};

const textOf = (variable: Variable, env: Environment): string | undefined => {
  const text = given(env[variable.name]);
  const file = variable.secret && given(env[fileOf(variable)]);
  if (!file) return text;
  if (text !== undefined) throw new Unreadable(`and ${fileOf(variable)} are both set: set one of them.`);
  return contentOf(file);
};

const given = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
};

const contentOf = (file: string): string => {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new Unreadable(
      `cannot be read from ${file} (${code}): put the secret there, readable for the user that this server runs as.`,
    );
  }
  if (content !== '') return content;
  throw new Unreadable(`is to be read from ${file}, but that file is empty: put the secret there.`);
};
