import { defineConfig, type Options } from 'tsup';

/** What every published package is built with: ESM, declarations, source maps, nothing bundled from outside. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: 'esm',
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    ...options,
  });
