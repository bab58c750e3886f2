import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../workspace.mjs';
import { output } from './output.mjs';

/**
 * A stranger's empty project, with npm and nothing of this workspace: the tarballs, and the peers they ask for.
 * @param {import('./pack.mjs').Packed[]} packed
 */
export async function createConsumer(folder, packed) {
  const dependencies = {};
  for (const { manifest, tarball } of packed) dependencies[manifest.name] = `file:${tarball}`;
  const own = { ...dependencies };
  for (const { manifest } of packed) {
    for (const [peer, range] of Object.entries(manifest.peerDependencies ?? {})) {
      dependencies[peer] ??= range;
      const types = `@types/${peer}`;
      if (manifest.devDependencies?.[types]) dependencies[types] ??= manifest.devDependencies[types];
    }
  }
  dependencies['@types/node'] = readJson(join(root, 'package.json')).devDependencies['@types/node'];
  // Our packages ask for each other by version; a stranger's registry would have them.
  const project = { name: 'stranger', private: true, type: 'module', dependencies, overrides: own };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
  await output('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
    cwd: folder,
  });
}

/** Loads a package in a fresh Node, with `import` and with `require`; each must offer something. */
export async function load(folder, name, how) {
  const get =
    how === 'import' ? `await import('${name}')` : `createRequire(process.cwd() + '/x.js')('${name}')`;
  const script = `
    import { createRequire } from 'node:module';
    const loaded = ${get};
    if (Object.keys(loaded).length === 0) throw new Error('exports nothing');
    void createRequire;
  `;
  await output(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
}

/** Compiles a file that imports every package, and looks into our declarations as well as at the file. */
export async function compile(folder, names) {
  const lines = names.map((name, index) => `import * as p${index} from '${name}';`);
  writeFileSync(
    join(folder, 'index.ts'),
    `${lines.join('\n')}\nexport default [${names.map((_, index) => `p${index}`)}];\n`,
  );
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--pretty',
    'false',
  ];
  const text = await output('tsc', [...options, 'index.ts'], { cwd: folder }).catch((error) => error.message);
  // What other people's declarations do to each other is theirs.
  const ours = text.split('\n').filter((line) => /^(index\.ts|node_modules\/@pocketping\/)/.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}
