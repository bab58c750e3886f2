import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const APP = resolve(import.meta.dirname, '..');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

export interface BuiltSite {
  /** With the base and a slash at its end. */
  readonly address: string;
  /** The HTML of a page, as a server sends it. */
  html(route: string): Promise<string>;
  close(): Promise<void>;
}

/** Builds the site as `npm run docs` does, for a host that has it under `base`, and serves it as files, without any rule. */
export async function builtSite(base: string, repository: string): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'pocketping-docs-'));
  const vitepress = join(APP, 'node_modules/vitepress/bin/vitepress.js');
  await promisify(execFile)(process.execPath, [vitepress, 'build', '--outDir', folder], {
    cwd: APP,
    env: { ...process.env, NODE_ENV: 'production', BASE: base, REPOSITORY_URL: repository },
  });

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : '404.html';
    const file = join(folder, path.endsWith('/') || path === '' ? `${path}index.html` : path);
    readFile(file).then(
      (content) =>
        response
          .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
          .end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    html: (route) => readFile(join(folder, route, 'index.html'), 'utf8'),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true });
    },
  };
}
