import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = here('../../../../');

export interface Writer {
  readonly process: ChildProcess;
  /** The file that is whole. */
  readonly whole: string;
  /** The file that is being written. */
  readonly half: string;
}

/** Builds the writer from the sources, for a process that knows no TypeScript, and waits until it is half way. */
export const startWriter = async (folder: string, scratch: string): Promise<Writer> => {
  const program = join(scratch, 'writer.mjs');
  const sources = readdirSync(packages).filter((name) => existsSync(`${packages}${name}/src/index.ts`));
  await build({
    entryPoints: [here('./writer.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    // `ws` is CommonJS and requires Node's modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    alias: Object.fromEntries(
      sources.map((name) => [`@pocketping/${name}`, `${packages}${name}/src/index.ts`]),
    ),
  });
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const told: string[] = [];
  for await (const line of lines) if (told.push(line) === 2) break;
  const [whole = '', half = ''] = told;
  return { process: child, whole, half };
};

/** Ends it as a crash would. */
export const kill = async ({ process: child }: Writer): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};
