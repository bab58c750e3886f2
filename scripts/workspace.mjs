import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with no slash at its end. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @typedef {{ folder: string, name: string, manifest: Record<string, any> }} Workspace */

/**
 * Every workspace of pnpm-workspace.yaml that has a package.json, sorted by folder (`packages/core`).
 * @returns {Workspace[]}
 */
export function workspaces(base = root) {
  return patterns(base)
    .flatMap((pattern) =>
      pattern.endsWith('/*') ? children(base, pattern.slice(0, -'/*'.length)) : [pattern],
    )
    .filter((folder) => existsSync(join(base, folder, 'package.json')))
    .sort()
    .map((folder) => {
      const manifest = readJson(join(base, folder, 'package.json'));
      return { folder, name: manifest.name, manifest };
    });
}

/** Ends the process with one clear sentence when this Node is older than package.json's `engines` allow. */
export function requireNode() {
  const wanted = /(\d+)\.(\d+)/.exec(readJson(join(root, 'package.json')).engines.node);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = [Number(wanted?.[1]), Number(wanted?.[2])];
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(
    `PocketPing needs Node ${wantedMajor}.${wantedMinor} or newer; this is Node ${process.versions.node}.\n` +
      'Get a current one from https://nodejs.org and run the command again.',
  );
  process.exit(1);
}

/**
 * Installs the dependencies with the pinned pnpm, unless the lockfile and every package.json are as they
 * were at the last installation: then it touches neither the disk nor the network.
 */
export async function install() {
  const stamp = join(root, 'node_modules', '.pocketping', 'installed');
  const wanted = fingerprint();
  if (isInstalled(stamp, wanted)) return;
  say('Installing dependencies (only when they have changed) …');
  rmSync(stamp, { force: true });
  await must('npx', [
    '--yes',
    readJson(join(root, 'package.json')).packageManager,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Builds the workspaces `filter` selects (all of them by default) and what they stand on; what is built is not built again. */
export const build = (...filter) => must('turbo', turbo('build', filter), { quiet: true });

/** The arguments of a turbo run that speaks only of what fails. */
export const turbo = (task, filter = []) => [
  'run',
  task,
  '--ui=stream',
  '--output-logs=errors-only',
  ...filter.map((name) => `--filter=${name}`),
];

/**
 * The environment of everything started here: the workspace's own binaries first, after those in `path` if there is one, and
 * nothing that calls home.
 */
export const environment = (path) => ({
  ...process.env,
  PATH: [path, join(root, 'node_modules', '.bin'), process.env.PATH].filter(Boolean).join(delimiter),
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
});

/**
 * Runs a command in the root with this terminal, passes on the signals it gets, and answers how it ended.
 * A `quiet` one is heard only if it fails. `stopped` is true when somebody asked for the end (Ctrl-C, SIGTERM,
 * SIGHUP) rather than the command.
 * @returns {Promise<{ code: number, stopped: boolean }>}
 */
export function run(command, args, { cwd = root, quiet = false, path = undefined } = {}) {
  return new Promise((answer) => {
    const child = spawn(command, args, {
      cwd,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: environment(path),
      shell: process.platform === 'win32' && command !== process.execPath,
    });
    const heard = [];
    child.stdout?.on('data', (chunk) => heard.push(chunk));
    child.stderr?.on('data', (chunk) => heard.push(chunk));

    let stopped = false;
    const pass = (signal) => {
      stopped = true;
      // A terminal sends Ctrl-C to the child as well; a second one would read as "I said now".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    // The shell that npm puts in between dies of a SIGTERM without passing it on.
    const parent = process.ppid;
    const orphaned = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(orphaned);
      pass('SIGTERM');
    }, 250);
    const end = (code) => {
      clearInterval(orphaned);
      for (const signal of signals) process.off(signal, pass);
      if (code !== 0 && !stopped) process.stderr.write(Buffer.concat(heard));
      answer({ code, stopped });
    };
    child.once('error', (error) => {
      console.error(`Could not start ${command}: ${error.message}`);
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** Says what this script itself is doing, apart from what the tools print. */
export const say = (text) => console.log(`\u25b8 ${text}`);

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

async function must(command, args, options) {
  const { code, stopped } = await run(command, args, options);
  if (stopped) process.exit(0);
  if (code === 0) return;
  console.error(`\n\u2716 ${command} ${args.join(' ')} failed (exit code ${code}); what it said is above.`);
  process.exit(code);
}

function isInstalled(stamp, wanted) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) return false;
  return workspaces().every(({ folder, manifest }) => {
    const needs = { ...manifest.dependencies, ...manifest.devDependencies };
    return Object.keys(needs).length === 0 || existsSync(join(root, folder, 'node_modules'));
  });
}

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const manifests = workspaces().map(({ folder }) => `${folder}/package.json`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** The `packages:` list of pnpm-workspace.yaml: one pattern a line, `folder` or `folder/*`. */
function patterns(base) {
  const [, list = ''] =
    /^packages:\n((?: +- .+\n?)+)/m.exec(readFileSync(join(base, 'pnpm-workspace.yaml'), 'utf8')) ?? [];
  return [...list.matchAll(/^ +- ['"]?([^'"\n]+)['"]?$/gm)].map((match) => match[1]);
}

function children(base, folder) {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);
}
