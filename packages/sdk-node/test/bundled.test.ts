import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Format, type Plugin } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** A backend without a framework of its own, which asks itself for a conversation and ends. */
const BACKEND = `
  import { createServer } from 'node:http';
  import { PocketPing } from '@pocketping/sdk-node';

  const logger = { debug() {}, info() {}, warn() {}, error: console.error };
  const pp = new PocketPing({ logger });
  const server = createServer(pp.middleware());
  server.listen(0, '127.0.0.1', async () => {
    const body = JSON.stringify({ visitorId: 'v' });
    const headers = { 'content-type': 'application/json' };
    const url = 'http://127.0.0.1:' + server.address().port + '/connect';
    const ofServer = await fetch(url, { method: 'POST', headers, body });
    const route = pp.nextHandler();
    const request = new Request('https://shop.example/api/chat/connect', { method: 'POST', headers, body });
    const ofRoute = await route(request, { params: Promise.resolve({ path: ['connect'] }) });
    console.log(ofServer.status, ofRoute.status);
    server.close();
    await pp.stop();
  });
`;

/** What the packages that the SDK stands on need themselves. Next is with none of them. */
const libraries = ['protocol', 'core', 'http', 'adapter-node'].map(
  (name) => `${packages}${name}/node_modules`,
);

/** The packages as they are now, in a folder from which no framework can be found. */
const copied = (folder: string): Plugin => ({
  name: 'packages in a folder of their own',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@pocketping\// }, ({ path }) => {
      const [, name, part = ''] = path.split('/') as [string, string, string?];
      const source = join(folder, name, 'src');
      if (!existsSync(source)) cpSync(`${packages}${name}/src`, source, { recursive: true });
      return { path: join(source, part, 'index.ts') };
    }),
});

it.each<[Format, string]>([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
])(
  'a backend is bundled as %s where no framework is installed, and answers visitors',
  async (format, extension) => {
    const folder = mkdtempSync(join(tmpdir(), 'pocketping-bundled-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const outfile = join(folder, `backend.${extension}`);
    const { warnings } = await build({
      stdin: { contents: BACKEND, resolveDir: folder },
      outfile,
      bundle: true,
      platform: 'node',
      format,
      target: 'node20',
      logLevel: 'silent',
      ...(format === 'esm' && {
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      }),
      nodePaths: libraries,
      plugins: [copied(folder)],
    });
    expect(warnings.map(({ text }) => text)).toEqual([]);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder });
    expect({ stdout, stderr }).toEqual({ stdout: '200 200\n', stderr: '' });
  },
);
