import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { library } from '../../tsup.preset.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** A style sheet, minified, as a string: it goes into the shadow root, not into a file beside it. */
const styleSheetAsText: Plugin = {
  name: 'style-sheet-as-text',
  setup(build) {
    // The suffix keeps the file from tsup's own plugin, which takes everything that ends in `.css`.
    build.onResolve({ filter: /\.css$/ }, ({ path, resolveDir }) => ({
      path: `${join(resolveDir, path)}?text`,
      namespace: 'style-sheet',
    }));
    build.onLoad({ filter: /.*/, namespace: 'style-sheet' }, async ({ path: id }) => {
      const path = id.replace('?text', '');
      const source = await readFile(path, 'utf8');
      const { code } = await build.esbuild.transform(source, {
        loader: 'css',
        minify: true,
        target: 'es2022',
      });
      // The space after a custom property's colon is part of its value, and of no use.
      return {
        contents: code.trim().replace(/(--[\w-]+): /g, '$1:'),
        loader: 'text',
        resolveDir: dirname(path),
        watchFiles: [path],
      };
    });
  },
};

/** Preact's class components: no code here has one, so the names of their methods need not be kept. */
const lifeCycles =
  /^(component(Will|Did)|shouldComponent|getDerived|getSnapshot|getChild|forceUpdate|setState|debounceR|contextType|defaultProps)/;

// `clean` would race with the other builds: `npm run build` empties dist once, before all of them.
const shared: Options = {
  esbuildPlugins: [styleSheetAsText],
  platform: 'browser',
  noExternal: [/^preact/],
  clean: false,
};

const script: Options = {
  ...shared,
  format: 'iife',
  target: 'es2022',
  // JSX as plain `h(…)`, imported by an injection: shorter than calls of the automatic runtime.
  tsconfig: 'tsconfig.script.json',
  minify: 'terser',
  terserOptions: {
    ecma: 2020,
    module: true,
    compress: { passes: 3, unsafe: true, unsafe_arrows: true, pure_getters: true, reduce_funcs: false },
    mangle: { properties: { regex: lifeCycles, builtins: true } },
  },
  outExtension: () => ({ js: '.js' }),
};

const CHAT = 'pocketping-chat';

/** What the launcher loads: the chat's file, and what tells it from every other one. */
const chatFile = () => {
  const hash = createHash('sha256')
    .update(readFileSync(`dist/${CHAT}.js`))
    .digest('hex');
  return `${CHAT}.js?v=${hash.slice(0, 16)}`;
};

/** The launcher names the chat it was built with, so the chat comes first: `--env.STAGE chat`. */
export default defineConfig(({ env }) =>
  env?.STAGE === 'chat'
    ? { ...script, entry: { [CHAT]: 'src/script-chat.ts' }, inject: ['src/ui/jsx-factory.ts'] }
    : [
        library(shared) as Options,
        {
          ...script,
          entry: { pocketping: 'src/script.ts' },
          define: { CHAT_FILE: JSON.stringify(chatFile()) },
        },
      ],
);
