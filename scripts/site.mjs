/**
 * `npm run docs` builds the documentation as a website and says where it lies; `npm run docs:dev` shows it while it is
 * written. What hosts it may set BASE and REPOSITORY_URL: apps/docs/README.md.
 */
import { join } from 'node:path';
import { install, requireNode, root, run, say } from './workspace.mjs';

requireNode();
await install();

const [command = 'build', ...given] = process.argv.slice(2);
const app = join(root, 'apps', 'docs');
const vitepress = join(app, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
const { code, stopped } = await run(process.execPath, [vitepress, command, ...given], { cwd: app });
if (code === 0 && command === 'build') say(`The website is in ${join(app, 'dist')}`);
process.exit(stopped ? 0 : code);
