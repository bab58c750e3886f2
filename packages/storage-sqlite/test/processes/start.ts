import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = here('../../../');

/** In `node_modules`, where it finds libsql and nobody commits it. */
const folder = here('../../node_modules/.pocketping-test/');

/** Builds the programs from the sources, for processes that know no TypeScript. */
export const buildPrograms = async (): Promise<void> => {
  const sources = readdirSync(packages).filter((name) => existsSync(`${packages}${name}/src/index.ts`));
  await build({
    entry: { writer: here('./writer.ts'), holder: here('./holder.ts') },
    outDir: folder,
    format: 'esm',
    target: 'node20',
    config: false,
    silent: true,
    clean: true,
    external: [/^libsql(\/|$)/],
    noExternal: [/^(?!libsql(\/|$))/],
    esbuildOptions: (options) => {
      options.alias = Object.fromEntries(
        sources.map((name) => [`@pocketping/${name}`, `${packages}${name}/src/index.ts`]),
      );
    },
  });
};

export interface Running {
  readonly process: ChildProcess;
  /** The lines it has printed so far: what it was told is committed. */
  readonly acknowledged: readonly string[];
  /** Resolves when it has printed so many. */
  until(count: number): Promise<void>;
  /** Resolves with the exit code, null if it was killed. */
  readonly exit: Promise<number | null>;
}

export const startWriter = (file: string, name: string, count: number, sessionId: string): Running =>
  start('writer', file, name, String(count), sessionId);

export const startHolder = (file: string, name: string): Running => start('holder', file, name);

const start = (program: string, ...args: string[]): Running => {
  const child = spawn(process.execPath, [`${folder}${program}.js`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  const watching = new Set<() => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    acknowledged.push(line);
    for (const look of watching) look();
  });
  const drained = new Promise<void>((resolve) => lines.once('close', resolve));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    process: child,
    acknowledged,
    exit: Promise.all([exited, drained]).then(([code]) => code),
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (acknowledged.length < wanted) return;
          watching.delete(look);
          resolve();
        };
        watching.add(look);
        look();
      }),
  };
};
