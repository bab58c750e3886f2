/** `npm run bench`: builds what is measured, then measures it. The arguments are those of src/arguments.ts. */
import { join } from 'node:path';
import { build, install, requireNode, root, run, say } from '../scripts/workspace.mjs';

requireNode();
await install();
say('Building (only what has changed) …');
await build('@pocketping/bench');

const main = join(root, 'bench', 'dist', 'main.js');
const { code, stopped } = await run(process.execPath, [main, ...process.argv.slice(2)]);
process.exit(stopped ? 0 : code);
