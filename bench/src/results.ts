import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.js';

/** One run of the suite, or of some of its rows, as it is kept. */
export interface Results {
  readonly at: string;
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly pinning: string;
  /** Of a round, in milliseconds, and how many there were. */
  readonly ms: number;
  readonly runs: number;
  readonly figures: readonly Figure[];
}

/** The one file that the repository keeps: for a machine that has no results of its own yet. */
const REFERENCE = 'reference.json';

export const machine = (): Results['machine'] => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
});

/** Keeps results in a folder, under their time. @returns the file */
export function keep(folder: string, results: Results, asReference: boolean): string {
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify(results, null, 2)}\n`;
  const file = join(folder, `${results.at.replaceAll(':', '-')}.json`);
  writeFileSync(file, text);
  if (asReference) writeFileSync(join(folder, REFERENCE), text);
  return file;
}

/** Of each figure the latest that a folder has; the reference where there is none from this machine. */
export function latest(folder: string): Map<string, Figure> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const own = names.filter((name) => name !== REFERENCE).sort();
  const figures = new Map<string, Figure>();
  for (const name of [...(names.includes(REFERENCE) ? [REFERENCE] : []), ...own]) {
    const results = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Results;
    for (const figure of results.figures) figures.set(figure.name, figure);
  }
  return figures;
}
