import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { output } from './output.mjs';
import { gzipped } from './pack.mjs';

/** What a browser may be asked to load, in bytes of gzip: by package, files and how much they may be together. */
const sizes = {
  '@pocketping/widget': [
    [['dist/pocketping.js'], 6 * 1024],
    [['dist/pocketping.js', 'dist/pocketping-chat.js'], 30 * 1024],
  ],
};

/** Each answers nothing when the packed package is in order, and throws what is wrong with it. */
export const inspections = {
  'says what it is': ({ manifest, files }) => {
    const wants = {
      'the licence "MIT"': manifest.license === 'MIT',
      'a description': Boolean(manifest.description),
      'an "engines" of Node >=20.19': manifest.engines?.node === '>=20.19',
      '"type": "module"': manifest.type === 'module',
      'a README.md': (files.get('README.md')?.length ?? 0) > 200,
      'a LICENSE file': files.has('LICENSE'),
    };
    const missing = Object.keys(wants).filter((want) => !wants[want]);
    if (missing.length > 0) throw new Error(`lacks ${missing.join(', ')}`);
  },

  'ships what it names, and no tests': ({ files, manifest }) => {
    const paths = [...files.keys()];
    const absent = manifest.files.filter(
      (entry) => !paths.some((path) => path.startsWith(`${entry}/`) || path === entry),
    );
    if (absent.length > 0) throw new Error(`does not ship ${absent.join(', ')}`);
    const tests = paths.filter((path) => /\.test\.|__fixtures__/.test(path));
    if (tests.length > 0) throw new Error(`ships ${tests.join(', ')}`);
    if (/"(workspace|catalog):/.test(JSON.stringify(manifest))) {
      throw new Error('its package.json still speaks of the workspace');
    }
  },

  'is found by what reads no "exports"': ({ manifest }) => {
    const { main, types, exports, typesVersions } = manifest;
    const { '.': itself, ...below } = exports;
    const paths = Object.entries(below).filter(([, target]) => typeof target !== 'string');
    const wanted = {
      main: itself.default,
      types: itself.types,
      typesVersions:
        paths.length > 0
          ? { '*': Object.fromEntries(paths.map(([path, target]) => [path.slice(2), [target.types]])) }
          : undefined,
    };
    const lacking = Object.keys(wanted).filter(
      (field) => !isDeepStrictEqual(wanted[field], { main, types, typesVersions }[field]),
    );
    if (lacking.length > 0)
      throw new Error(
        lacking.map((field) => `"${field}" has to be ${JSON.stringify(wanted[field])}`).join(', '),
      );
  },

  'passes publint': async ({ tarball }) => {
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      level: 'warning',
      strict: true,
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    });
    if (messages.length > 0)
      throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
  },

  'has types that are not wrong': async ({ tarball, manifest }) => {
    // An export that is a bare path is a file for a <script>, not a module with types.
    const scripts = Object.keys(manifest.exports).filter(
      (path) => typeof manifest.exports[path] === 'string',
    );
    const except =
      scripts.length > 0
        ? ['--exclude-entrypoints', ...scripts.map((path) => path.replace(/^\.\//, ''))]
        : [];
    await output('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', ...except]);
  },

  'is small enough': ({ manifest, files }) => {
    for (const [paths, limit] of sizes[manifest.name] ?? []) {
      const absent = paths.filter((path) => !files.has(path));
      if (absent.length > 0) throw new Error(`has no ${absent.join(', ')}`);
      const size = paths.reduce((sum, path) => sum + gzipped(files.get(path)), 0);
      const name = paths.join(' + ');
      console.log(`  ${manifest.name}/${name}: ${size} of ${limit} bytes, gzip`);
      if (size > limit) throw new Error(`${name}: ${size} bytes of gzip; ${limit} are allowed`);
    }
  },
};
