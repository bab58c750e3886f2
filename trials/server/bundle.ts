import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = here('../../packages/');

export interface Bundle {
  /** The program, in a folder of its own, which the trial may use for its files too. */
  readonly program: string;
  readonly folder: string;
  remove(): void;
}

/** The server's program from the sources, for processes that know no TypeScript. */
export const bundleServer = async (): Promise<Bundle> => {
  const folder = mkdtempSync(join(tmpdir(), 'pocketping-trial-'));
  const program = join(folder, 'server.mjs');
  const sources = readdirSync(packages).filter((name) => existsSync(`${packages}${name}/src/index.ts`));
  await build({
    entryPoints: { server: here('./program.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // node-fetch knows an AbortSignal by the name of its class.
    keepNames: true,
    logLevel: 'warning',
    alias: Object.fromEntries([
      // The longer name first: an alias also stands for what begins with it.
      ...['bridging', 'rendering'].map((part) => [
        `@pocketping/core/${part}`,
        `${packages}core/src/${part}/index.ts`,
      ]),
      ...sources.map((name) => [`@pocketping/${name}`, `${packages}${name}/src/index.ts`]),
    ]),
    // Some libraries are CommonJS inside.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // What libraries do without when it is not there.
    external: ['zlib-sync', 'bufferutil', 'utf-8-validate', 'erlpack'],
    plugins: [
      {
        name: 'libsql stays where its binary is',
        setup: ({ onResolve }) => {
          const { resolve } = createRequire(`${packages}storage-sqlite/package.json`);
          onResolve({ filter: /^libsql(\/|$)/ }, ({ path }) => ({
            path: pathToFileURL(resolve(path)).href,
            external: true,
          }));
        },
      },
    ],
  });
  return { program, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
