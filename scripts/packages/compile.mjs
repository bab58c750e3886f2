import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './output.mjs';

/** What a stranger's project may have in its tsconfig.json, and its package.json as `type`. */
export const PROJECTS = {
  'ES modules, "nodenext"': { type: 'module', module: 'nodenext' },
  'CommonJS, "nodenext"': { type: 'commonjs', module: 'nodenext' },
  'ES modules, "bundler"': { type: 'module', module: 'esnext', moduleResolution: 'bundler' },
  // It resolves as "node10" does, which reads "main" and "types" and no "exports".
  'CommonJS, "commonjs"': { type: 'commonjs', module: 'commonjs' },
};

/**
 * Compiles a strict project that imports all our packages, looking into our declarations as well, and runs what came out.
 * @param {string} folder where they are installed
 * @param {import('./pack.mjs').Packed[]} packed
 * @param {string} name one of `PROJECTS`
 */
export async function compileAndRun(folder, packed, name) {
  const { type, ...settings } = PROJECTS[name];
  const project = join(folder, name.replace(/\W+/g, '-'));
  mkdirSync(project);
  const modules = packed.flatMap(({ manifest }) => modulesOf(manifest));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
  writeFileSync(join(project, 'index.ts'), program(modules));
  const compilerOptions = {
    ...settings,
    target: 'es2022',
    strict: true,
    esModuleInterop: true,
    types: ['node'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }));
  const said = await output('tsc', ['--pretty', 'false'], { cwd: project }).catch((error) => error.message);
  // What other people's declarations do to each other is theirs.
  const ours = said
    .split('\n')
    .filter((line) => /^(?:index\.ts|tsconfig\.json|.*node_modules\/@pocketping\/|error)/.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
  const ran = await output(process.execPath, ['index.js'], { cwd: project });
  if (ran !== `${modules.length} modules\n`)
    throw new Error(`said ${ran} rather than "${modules.length} modules"`);
}

/** What a package has for `import`: itself, and what it exports below its name. */
const modulesOf = ({ name, exports }) =>
  Object.keys(exports)
    .filter((path) => typeof exports[path] !== 'string')
    .map((path) => name + path.slice(1));

/** A name that is found without its types would be `any`, to which a mistake is none. */
const program = (modules) => `
import { PocketPing, type PocketPingConfig } from '@pocketping/sdk-node';
${modules.map((module, index) => `import * as m${index} from '${module}';`).join('\n')}

const config: PocketPingConfig = { welcomeMessage: 'Hi!' };
// @ts-expect-error: it is a text
config.welcomeMessage = 5;
const all: object[] = [${modules.map((_, index) => `m${index}`)}];
const whole = all.filter((one) => Object.keys(one).length > 0);
if (typeof PocketPing !== 'function') throw new Error('PocketPing is no class');
console.log(whole.length, 'modules');
`;
