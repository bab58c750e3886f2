import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../workspace.mjs';
import { output } from './output.mjs';

/**
 * A stranger's empty project, with npm and nothing of this workspace: the tarballs, and the peers they ask for.
 * @param {import('./pack.mjs').Packed[]} packed
 */
export async function createConsumer(folder, packed) {
  const own = tarballs(packed);
  const dependencies = { ...own };
  for (const { manifest } of packed) {
    for (const [peer, range] of Object.entries(manifest.peerDependencies ?? {})) {
      dependencies[peer] ??= range;
      const types = `@types/${peer}`;
      if (manifest.devDependencies?.[types]) dependencies[types] ??= manifest.devDependencies[types];
    }
  }
  dependencies['@types/node'] = readJson(join(root, 'package.json')).devDependencies['@types/node'];
  await install(folder, dependencies, own);
}

/**
 * A project with the packages that can do without their peers, and with none of those.
 * @param {import('./pack.mjs').Packed[]} packed
 * @returns {Promise<string[]>} the packages
 */
export async function createBareConsumer(folder, packed) {
  const own = tarballs(packed);
  const able = packed.filter(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) => {
    const peers = Object.keys(peerDependencies);
    return peers.length > 0 && peers.every((peer) => peerDependenciesMeta[peer]?.optional);
  });
  const names = able.map(({ manifest }) => manifest.name);
  await install(folder, Object.fromEntries(names.map((name) => [name, own[name]])), own);
  const peers = new Set(able.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies)));
  const present = [...peers].filter((peer) => existsSync(join(folder, 'node_modules', peer)));
  if (present.length > 0) throw new Error(`${present.join(', ')} came along`);
  const { files, bytes } = weight(join(folder, 'node_modules'));
  console.log(`  ${names.join(', ')}: ${files} files, ${Math.round(bytes / 1024)} KiB installed`);
  return names;
}

/** A project beside a clone, in which somebody runs the command that `npm run pack` printed, and nothing else. */
export async function createNeighbour(folder, ...names) {
  const said = await output(process.execPath, ['scripts/pack.mjs', ...names]);
  const [, command] = /^npm (install .*)$/m.exec(said) ?? [];
  if (!command) throw new Error(`npm run pack prints no command:\n${said}`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'neighbour', private: true }));
  await output('npm', [...command.split(' '), ...QUIETLY], { cwd: folder });
}

const QUIETLY = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** @returns {Record<string, string>} where npm finds each of our packages */
const tarballs = (packed) =>
  Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));

/** @param overrides our packages ask for each other by version; a stranger's registry would have them */
async function install(folder, dependencies, overrides) {
  const project = { name: 'stranger', private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
  await output('npm', ['install', ...QUIETLY], { cwd: folder });
}

function weight(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile());
  const sizes = entries.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
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
