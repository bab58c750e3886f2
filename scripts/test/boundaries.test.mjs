import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { sourceFiles, violations } from '../boundaries/check.mjs';
import { ruleOf } from '../boundaries/rules.mjs';
import { root, workspaces } from '../workspace.mjs';

const all = workspaces();
const manifests = all.map(({ manifest }) => manifest);

describe('the dependency rule', () => {
  test.each(all.map(({ folder }) => folder))('%s keeps it', (folder) => {
    const { manifest } = all.find((workspace) => workspace.folder === folder);
    expect(violations({ folder, manifest, files: sourceFiles(root, folder) }, manifests)).toEqual([]);
  });

  const standards = all.filter(({ folder }) => ruleOf(folder.replace('packages/', ''))?.standards);

  test('the packages that use Web standards only are there', () => {
    expect(standards.map(({ folder }) => folder)).toEqual([
      'packages/bridge-remote',
      'packages/core',
      'packages/http',
      'packages/protocol',
    ]);
  });

  test.each(standards.map(({ folder }) => folder))('%s bundles for the browser', async (folder) => {
    expect(await bundle(join(root, folder, 'src/index.ts'))).toEqual([]);
  });
});

describe('the check of the rule', () => {
  const find = (folder, files, manifest = {}) =>
    violations(
      {
        folder,
        manifest: { name: `@pocketping/${folder.split('/')[1]}`, ...manifest },
        files: Object.entries(files).map(([path, text]) => ({ path, text })),
      },
      manifests,
    );

  test.each([
    ["import { exchange } from '@pocketping/http';"],
    ["import '@pocketping/http';"],
    ["import type { Route } from '@pocketping/http';"],
    ["import { type Route } from '@pocketping/http';"],
    ["export * from '@pocketping/http';"],
    ["export type { Route } from '@pocketping/http';"],
    ["const http = await import('@pocketping/http');"],
    ['const http = await import(`@pocketping/http`);'],
    ["type Route = import('@pocketping/http').Route;"],
    ["import http = require('@pocketping/http');"],
    ["const require = (name: string) => name; require('@pocketping/http');"],
    ["import { x } from '../../http/src/index.js';"],
    ["import { x } from 'node:fs';"],
    ["import { x } from 'fs/promises';"],
    ["import type { Server } from 'node:http';"],
    ['/// <reference types="node" />'],
    ['const name = "zod"; await import(name);'],
    ['export const bytes = Buffer.from("a");'],
    ['export const load = () => process.memoryUsage();'],
    ['export const load = () => globalThis.process;'],
    ['export const here = __dirname;'],
    ['let timer: NodeJS.Timeout;'],
    ["const x = require('zod');"],
    ['// as Telegram does'],
    ['export const isDiscordId = true;'],
    ['export const fromExpressRequest = 1;'],
    ['export const OPENAI_KEY = 1;'],
  ])('finds in core: %s', (text) => {
    expect(find('packages/core', { 'src/bad.ts': text })[0]).toContain('packages/core/src/bad.ts');
  });

  test('lets pass what only looks alike', () => {
    const text = `
      import { z } from 'zod';
      import type { Frame } from '@pocketping/protocol';
      import { pump } from './delivery/pump.js';
      export const expression = { process: 1, global: 2 };
      export const run = (process: () => void) => process();
      export const module = expression.process;
      // Redistributed, as expressed in RFC 6455; the slackened rope.
      export class Queue { require() { return this.require; } }
    `;
    expect(find('packages/core', { 'src/good.ts': text })).toEqual([]);
  });

  test('finds a file named after a vendor', () => {
    expect(find('packages/core', { 'src/slack.ts': '' })).toHaveLength(1);
  });

  test.each([
    ['packages/protocol', { 'src/bad.ts': "import ms from 'ms';" }, {}],
    ['packages/protocol', {}, { dependencies: { ms: '1.0.0' } }],
    ['packages/core', {}, { dependencies: { '@pocketping/http': 'workspace:^' } }],
    ['packages/core', {}, { peerDependencies: { '@pocketping/http': 'workspace:^' } }],
    ['packages/core', {}, { devDependencies: { '@pocketping/testing': 'workspace:^' } }],
    ['packages/core', { 'test/bad.test.ts': "import { x } from '@pocketping/testing';" }, {}],
    ['packages/http', { 'src/bad.ts': "import { x } from '@pocketping/adapter-node';" }, {}],
    ['packages/bridge-telegram', { 'src/bad.ts': "import { x } from '@pocketping/storage-sqlite';" }, {}],
    ['packages/bridge-telegram', { 'src/bad.ts': "import { x } from '@pocketping/protocol';" }, {}],
    ['packages/bridge-telegram', { 'src/bad.ts': "import { x } from '@pocketping/emulators';" }, {}],
    ['packages/bridge-telegram', { 'src/bad.ts': "import { x } from '@pocketping/core/src/ids.js';" }, {}],
    ['packages/bridge-telegram', { 'test/bad.test.ts': "import { x } from '../../core/src/ids.js';" }, {}],
    ['packages/files-s3', { 'src/bad.ts': "import { x } from '@pocketping/protocol';" }, {}],
    ['packages/files-s3', { 'src/bad.ts': "import { x } from '@pocketping/adapter-node';" }, {}],
    ['packages/widget', { 'src/bad.ts': "import { LIMITS } from '@pocketping/protocol';" }, {}],
    ['packages/widget', { 'src/bad.ts': "import { type Frame } from '@pocketping/protocol';" }, {}],
    ['packages/widget', {}, { dependencies: { '@pocketping/protocol': 'workspace:^' } }],
    ['packages/core', {}, { name: '@pocketping/heart' }],
    ['apps/playground', { 'src/bad.ts': "import { x } from '../../../packages/core/src/ids.js';" }, {}],
  ])('finds in %s: %o %o', (folder, files, manifest) => {
    expect(find(folder, files, manifest)).toHaveLength(1);
  });

  test.each([
    ['packages/bridge-telegram', { 'test/a.test.ts': "import { x } from '@pocketping/emulators';" }],
    ['packages/widget', { 'src/a.ts': "import type { Frame } from '@pocketping/protocol';" }],
    ['packages/adapter-express', { 'src/a.ts': "import { x } from '@pocketping/adapter-node';" }],
    ['packages/storage-sqlite', { 'src/a.ts': "import { readFile } from 'node:fs/promises';\nprocess.pid;" }],
    ['packages/core', { 'test/a.test.ts': "import { readFile } from 'node:fs/promises';" }],
    ['packages/core', { 'tsup.config.ts': "import { library } from '../../tsup.preset.js';" }],
    ['apps/playground', { 'src/a.ts': "import { x } from '@pocketping/bridge-telegram';" }],
  ])('lets %s do what it may: %o', (folder, files) => {
    expect(find(folder, files)).toEqual([]);
  });

  test('a package nobody has heard of asks for a rule', () => {
    expect(find('packages/surprise', {})).toEqual([
      'packages/surprise: no rule for this package; add it to the table in scripts/boundaries/rules.mjs',
    ]);
  });

  test('a bundle that needs Node fails', async () => {
    const [error] = await bundle(undefined, "import { readFile } from 'node:fs'; readFile();");
    expect(error).toContain('node:fs');
  });
});

/** Bundles as a browser's toolchain would, our own packages from their sources; answers what it could not resolve. */
async function bundle(entry, contents) {
  const ours = {
    name: 'sources',
    setup(plugin) {
      plugin.onResolve({ filter: /^@pocketping\/[^/]+$/ }, ({ path }) => ({
        path: join(root, 'packages', path.slice('@pocketping/'.length), 'src/index.ts'),
      }));
    },
  };
  try {
    await build({
      ...(entry ? { entryPoints: [entry] } : { stdin: { contents, resolveDir: root } }),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
      plugins: [ours],
    });
    return [];
  } catch (error) {
    return error.errors.map(({ text, location }) => `${location?.file}:${location?.line}: ${text}`);
  }
}
