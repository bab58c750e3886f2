import { execFile } from 'node:child_process';
import { chownSync, cpSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf, type Instruction, type Stage } from './dockerfile.js';

/** The user `node` of the base image: https://github.com/nodejs/docker-node */
export const NODE_USER = 1000;

export interface Built {
  /** The folder that stands for a stage's root. */
  root(stage: Stage): string;
  /** A path of a stage, on this machine. */
  at(stage: Stage, path: string): string;
}

/**
 * Does without a container engine what one does with a Dockerfile: each stage has a folder for its root, and its steps run there, with
 * the absolute paths that the Dockerfile names below that folder. The base image is this machine.
 * @param context the folder that is built from, less what the ignore file names
 * @param into an empty folder
 */
export const build = async (
  stages: readonly Stage[],
  context: { readonly folder: string; readonly ignore: string },
  into: string,
): Promise<Built> => {
  const root = (stage: Stage) => join(into, stage.name);
  const at = (stage: Stage, path: string) => join(root(stage), path);
  const named = foldersOf(stages);
  for (const stage of stages) {
    mkdirSync(root(stage));
    let folder = '/';
    for (const step of stage.instructions) {
      if (step.name === 'WORKDIR') {
        folder = step.text;
        mkdirSync(at(stage, folder), { recursive: true });
      } else if (step.name === 'COPY') {
        const from = stages.find(({ name }) => name === step.flags.from);
        const source = from ? { folder: root(from), ignore: '' } : context;
        copy(step, source, (path) => at(stage, path.startsWith('/') ? path : join(folder, path)));
      } else if (step.name === 'RUN') {
        const command = step.text.replace(named, (path) => at(stage, path));
        await shell(command, at(stage, folder), environmentOf(stage), into);
      }
    }
  }
  return { root, at };
};

/** Matches the absolute folders that the Dockerfile makes. */
const foldersOf = (stages: readonly Stage[]): RegExp => {
  const paths = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name }) => ['WORKDIR', 'COPY', 'VOLUME'].includes(name))
    .map(({ text }) => text.split(/\s+/).at(-1) as string)
    .filter((path) => path.startsWith('/'));
  return new RegExp(`(?<=^|\\s)(${[...new Set(paths)].join('|')})(?=/|\\s|$)`, 'g');
};

const copy = (
  { text, flags }: Instruction,
  { folder, ignore }: { readonly folder: string; readonly ignore: string },
  target: (path: string) => string,
): void => {
  const [from = '', to = ''] = text.split(/\s+/);
  const ignored = ignoring(ignore);
  const source = join(folder, from);
  cpSync(source, target(to), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !ignored(relative(folder, path)),
  });
  if (flags.chown === 'node:node' && process.getuid?.() === 0) chownSync(target(to), NODE_USER, NODE_USER);
};

/** @see https://docs.docker.com/build/concepts/context/#dockerignore-files */
const ignoring = (patterns: string) => {
  const rules = patterns.split('\n').filter((line) => line !== '');
  return (path: string): boolean =>
    rules.some((rule) =>
      rule.startsWith('**/')
        ? path.split('/').includes(rule.slice(3))
        : path === rule || path.startsWith(`${rule}/`),
    );
};

/** How this machine reaches registries, as an engine hands it on to its builds. */
const REACHING =
  /^(PATH|HOME|.*_proxy|npm_config_(registry|.*cert|cafile)|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i;

/** What a build installs for all goes into a folder beside the stages, and not onto this machine. */
const shell = async (
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  into: string,
): Promise<void> => {
  const reaching = Object.entries(process.env).filter(([name]) => REACHING.test(name));
  const prefix = join(into, 'global');
  mkdirSync(prefix, { recursive: true });
  const { PATH = '', ...rest } = Object.fromEntries(reaching) as Record<string, string>;
  const running = promisify(execFile)('/bin/sh', ['-ec', command], {
    cwd,
    env: { ...rest, ...env, PATH: `${join(prefix, 'bin')}:${PATH}`, npm_config_prefix: prefix },
    maxBuffer: 64 * 1024 * 1024,
    timeout: STEP_MS,
  });
  running.child.stdin?.end();
  await running.catch((error: Error & { stdout?: string; stderr?: string }) => {
    const said = [error.message, error.stdout?.slice(-4000), error.stderr?.slice(-4000)];
    throw new Error(`RUN ${command}\n${said.join('\n')}`);
  });
};

/** Milliseconds for one step: it installs, or builds a dozen packages. */
const STEP_MS = 240_000;
