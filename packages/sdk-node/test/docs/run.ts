import { createRequire } from 'node:module';
import ts from 'typescript';
import * as sdk from '../../src/index.js';
import type { Block } from './page.js';

const installed = createRequire(import.meta.url);

/** What a block leaves behind. */
export interface Left {
  /** The engine it made, or was given. */
  readonly pp: sdk.PocketPing;
  readonly exports: Record<string, unknown>;
  /** Its own names that a test looks at. */
  readonly [name: string]: unknown;
}

/**
 * Runs a block as a CommonJS module does, with `await`, over our sources and what this package has installed.
 * @param names that the page takes for granted
 * @param own names of the block whose values are of interest
 */
export const run = async (block: Block, names: object = {}, own: readonly string[] = []): Promise<Left> => {
  const module = { exports: {} };
  const given = { PocketPing: sdk.PocketPing, ...names, module, exports: module.exports, require: load };
  // A block of its own, because what it declares may be called like something that is given.
  const left = ['pp', ...own].map((name) => `${name}: typeof ${name} === 'undefined' ? undefined : ${name}`);
  const body = `{ ${commonJs(block)}\nreturn { ${left.join(', ')} }; }`;
  const values = await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  return { ...values, exports: module.exports };
};

const load = (name: string): unknown => (name === '@pocketping/sdk-node' ? sdk : installed(name));

const commonJs = ({ language, text }: Block): string =>
  language === 'typescript'
    ? ts.transpileModule(text, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
      }).outputText
    : text;

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...given: unknown[]) => Promise<{ pp: sdk.PocketPing }>;
