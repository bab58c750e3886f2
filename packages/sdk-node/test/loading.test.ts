import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Runs a program in a Node of its own, which finds the package as it was built. */
const run = async (type: 'commonjs' | 'module', program: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--input-type=${type}`, '--eval', program],
    { cwd: resolve(import.meta.dirname, '..') },
  );
  return stdout.trim();
};

const MAKES_ONE = `
  const pp = new PocketPing({ logger: { debug() {}, info() {}, warn() {}, error() {} } });
  console.log(typeof pp.middleware(), typeof pp.nextHandler(), typeof pp.fastifyPlugin);
`;

it.each([
  ['commonjs', "const { PocketPing } = require('@pocketping/sdk-node');"],
  ['module', "import { PocketPing } from '@pocketping/sdk-node';"],
] as const)('is loaded by a program in %s', async (type, line) => {
  expect(await run(type, line + MAKES_ONE)).toBe('function function function');
});

it('is the same class for require and for import', async () => {
  const program = `
    const { PocketPing } = require('@pocketping/sdk-node');
    import('@pocketping/sdk-node').then((imported) => console.log(imported.PocketPing === PocketPing));
  `;
  expect(await run('commonjs', program)).toBe('true');
});
