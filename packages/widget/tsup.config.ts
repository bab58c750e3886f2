import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { library } from '../../tsup.preset.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** The widget's one style sheet, minified, as a string: it goes into the shadow root, not into a file beside it. */
const styleSheetAsText: Plugin = {
  name: 'style-sheet-as-text',
  setup(build) {
    build.onResolve({ filter: /\.css$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace: 'style-sheet',
    }));
    build.onLoad({ filter: /.*/, namespace: 'style-sheet' }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { code } = await build.esbuild.transform(source, { loader: 'css', minify: true, target: 'es2022' });
      return { contents: code.trim(), loader: 'text', resolveDir: dirname(path), watchFiles: [path] };
    });
  },
};

const shared: Options = { esbuildPlugins: [styleSheetAsText], platform: 'browser', noExternal: [/^preact/] };

export default defineConfig([
  // `clean` would race with the other build: `npm run build` empties dist once, before both.
  library({ ...shared, clean: false }) as Options,
  {
    ...shared,
    entry: { pocketping: 'src/script.ts' },
    format: 'iife',
    target: 'es2020',
    minify: true,
    treeshake: false,
    outExtension: () => ({ js: '.js' }),
  },
]);
