/** `npm start`: everything the playground needs, then the playground. */
import { join } from 'node:path';
import { build, install, readJson, requireNode, root, run, say } from './workspace.mjs';

requireNode();
await install();

const playground = join(root, 'apps', 'playground');
const manifest = readJson(join(playground, 'package.json'));
say('Building (only what has changed) …');
await build(manifest.name);

const [command, ...args] = manifest.scripts.start.split(' ');
const { code, stopped } = await run(
  command === 'node' ? process.execPath : command,
  [...args, ...process.argv.slice(2)],
  {
    cwd: playground,
  },
);
// Being asked to stop is not a failure, and npm prints a page of errors for any other exit code.
process.exit(stopped ? 0 : code);
