/** `npm start`, `npm run server`: everything that the app named first needs, then the app. */
import { join } from 'node:path';
import { build, install, readJson, requireNode, root, run, say } from './workspace.mjs';

requireNode();
await install();

const [app, ...given] = process.argv.slice(2);
const folder = join(root, 'apps', app);
const manifest = readJson(join(folder, 'package.json'));
say('Building (only what has changed) …');
await build(manifest.name);

const [command, ...args] = manifest.scripts.start.split(' ');
const { code, stopped } = await run(command === 'node' ? process.execPath : command, [...args, ...given], {
  cwd: folder,
});
// Being asked to stop is not a failure, and npm prints a page of errors for any other exit code.
process.exit(stopped ? 0 : code);
