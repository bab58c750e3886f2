/**
 * Whether what would be published works: packs every public package, inspects the tarballs, installs them into an
 * empty project and loads each; then the workspace's unused code and its changesets.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesets } from './packages/changesets.mjs';
import { compileAndRun, PROJECTS } from './packages/compile.mjs';
import { createBareConsumer, createConsumer, createNeighbour, load } from './packages/consumer.mjs';
import { inspections } from './packages/inspect.mjs';
import { output } from './packages/output.mjs';
import { pack } from './packages/pack.mjs';
import { build, install, requireNode, say, workspaces } from './workspace.mjs';

requireNode();
await install();
await build();

const packages = workspaces().filter(
  ({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private,
);
const checks = [];
const temporary = mkdtempSync(join(tmpdir(), 'pocketping-packages-'));
try {
  await everything();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

const failed = checks.filter(({ ok }) => !ok).length;
console.log(`\nPackages: ${checks.length - failed} checks passed, ${failed} failed.`);
const reports = process.env.POCKETPING_REPORTS;
if (reports) {
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'packages.checks.json'), JSON.stringify({ checks }));
}
process.exitCode = failed > 0 ? 1 : 0;

async function everything() {
  const packed = [];
  for (const workspace of packages) {
    say(workspace.name);
    const one = await check(`${workspace.name} packs`, () => pack(workspace, temporary));
    if (!one) continue;
    packed.push(one);
    for (const [name, inspect] of Object.entries(inspections)) {
      await check(`${workspace.name} ${name}`, () => inspect(one));
    }
  }

  say('An empty project');
  const project = join(temporary, 'project');
  mkdirSync(project);
  await check('the packages install with npm', () => createConsumer(project, packed));
  const names = packed.map(({ manifest }) => manifest.name);
  for (const name of names) {
    await check(`${name} can be imported`, () => load(project, name, 'import'));
    await check(`${name} can be required`, () => load(project, name, 'require'));
  }
  for (const name of Object.keys(PROJECTS)) {
    await check(`the packages compile and run in a strict project: ${name}`, () =>
      compileAndRun(project, packed, name),
    );
  }

  say('An empty project without frameworks');
  const bare = join(temporary, 'bare');
  mkdirSync(bare);
  const able = await check('what needs no framework brings none', () => createBareConsumer(bare, packed));
  for (const name of able ?? []) {
    await check(`${name} can be imported alone`, () => load(bare, name, 'import'));
    await check(`${name} can be required alone`, () => load(bare, name, 'require'));
  }

  say('A project beside the clone');
  const neighbour = join(temporary, 'neighbour');
  mkdirSync(neighbour);
  await check('what "npm run pack" prints installs', () => createNeighbour(neighbour, 'sdk-node'));
  await check('and it can be required', () => load(neighbour, '@pocketping/sdk-node', 'require'));

  say('The workspace');
  await check('nothing is unused or undeclared (knip)', () => output('knip', ['--no-progress']));
  await check('the changesets are in order', () => changesets(packages));
}

/** Runs one check, counts it, says so if it fails; answers what it answered, or undefined. */
async function check(name, run) {
  try {
    const result = await run();
    checks.push({ name, ok: true });
    return result;
  } catch (error) {
    checks.push({ name, ok: false });
    console.error(`\u2716 ${name}\n${String(error.message).replace(/^/gm, '    ')}`);
    return undefined;
  }
}
