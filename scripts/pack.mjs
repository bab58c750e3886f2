/**
 * `npm run pack sdk-node bridge-telegram`: those packages, and ours that they stand on, as files in `packed/` that another
 * project installs. It says the command that does.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pack } from './packages/pack.mjs';
import { build, install, requireNode, root, say, workspaces } from './workspace.mjs';

requireNode();
const wanted = withDependencies(chosen(process.argv.slice(2)));
await install();
say('Building (only what has changed) …');
await build(...wanted.map(({ name }) => name));

const destination = join(root, 'packed');
rmSync(destination, { recursive: true, force: true });
mkdirSync(destination);
const tarballs = [];
for (const workspace of wanted) tarballs.push((await pack(workspace, destination)).tarball);
say(
  `Packed ${wanted.length} packages into ${relative(process.cwd(), destination) || '.'}. In the folder of your project:`,
);
console.log(`\nnpm install ${tarballs.map(quoted).join(' ')}\n`);

/** By their names without the scope; all that would be published, if none is named. */
function chosen(names) {
  const published = workspaces().filter(
    ({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private,
  );
  if (names.length === 0) return published;
  const folders = names.map((name) => `packages/${name.replace(/^@pocketping\//, '')}`);
  const unknown = folders.find((wanted) => !published.some(({ folder }) => folder === wanted));
  if (unknown === undefined) return published.filter(({ folder }) => folders.includes(folder));
  const there = published.map(({ folder }) => folder.slice('packages/'.length)).join(', ');
  console.error(`There is no package "${unknown.slice('packages/'.length)}". There are: ${there}.`);
  process.exit(1);
}

/** Another project has no workspace: what a package stands on comes along. */
function withDependencies(packages) {
  const all = workspaces();
  const found = new Set(packages);
  for (const { manifest } of found)
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const one = all.find((workspace) => workspace.name === name);
      if (one) found.add(one);
    }
  return [...found];
}

function quoted(path) {
  return /^[\w./@:\\-]+$/.test(path) ? path : `"${path}"`;
}
