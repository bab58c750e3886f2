import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { library } from '../../tsup.preset.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** The widget's one style sheet, minified, as a string: it goes into the shadow root, not into a file beside it. */
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
      return { contents: code.trim(), loader: 'text', resolveDir: dirname(path), watchFiles: [path] };
    });
  },
};

/** Preact's class components: no code here has one, so the names of their methods need not be kept. */
const lifeCycles =
  /^(component(Will|Did)|shouldComponent|getDerived|getSnapshot|getChild|forceUpdate|setState|debounceR|contextType|defaultProps)/;

const shared: Options = { esbuildPlugins: [styleSheetAsText], platform: 'browser', noExternal: [/^preact/] };

export default defineConfig([
  // `clean` would race with the other build: `npm run build` empties dist once, before both.
  library({ ...shared, clean: false }) as Options,
  {
    ...shared,
    entry: { pocketping: 'src/script.ts' },
    format: 'iife',
    target: 'es2022',
    // JSX as plain `h(…)`, imported by an injection: shorter than calls of the automatic runtime.
    tsconfig: 'tsconfig.script.json',
    inject: ['src/ui/jsx-factory.ts'],
    minify: 'terser',
    terserOptions: {
      ecma: 2020,
      module: true,
      compress: { unsafe_arrows: true, pure_getters: true, reduce_funcs: false },
      mangle: { properties: { regex: lifeCycles, builtins: true } },
    },
    outExtension: () => ({ js: '.js' }),
  },
]);
