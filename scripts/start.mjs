/**
 * `npm start`, `npm run server`, `npm run example express`: everything that the app named first needs, then the app. Of several
 * with one beginning (`example-`), the next word says which.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, readJson, requireNode, root, run, say, workspaces } from './workspace.mjs';

requireNode();
const { folder, given } = chosen(process.argv.slice(2));
await install();

const manifest = readJson(join(folder, 'package.json'));
say('Building (only what has changed) …');
await build(manifest.name);

const [command, ...args] = manifest.scripts.start.split(' ');
const { code, stopped } = await run(command === 'node' ? process.execPath : command, [...args, ...given], {
  cwd: folder,
  path: join(folder, 'node_modules', '.bin'),
});
// Being asked to stop is not a failure, and npm prints a page of errors for any other exit code.
process.exit(stopped ? 0 : code);

function chosen([app, ...words]) {
  const folder = join(root, 'apps', app);
  if (existsSync(join(folder, 'package.json'))) return { folder, given: words };
  const [name, ...given] = words;
  const beginning = `apps/${app}-`;
  const names = workspaces()
    .filter((workspace) => workspace.folder.startsWith(beginning))
    .map((workspace) => workspace.folder.slice(beginning.length));
  if (names.includes(name)) return { folder: `${folder}-${name}`, given };
  console.error(
    `${name ? `There is no ${app} "${name}".` : `Say which ${app}.`} There are: ${names.join(', ')}. ` +
      `For instance: npm run ${app} ${names[0]}`,
  );
  process.exit(1);
}
