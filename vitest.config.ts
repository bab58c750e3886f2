import { existsSync, readdirSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const packages = readdirSync(`${root}/packages`).filter((name) =>
  existsSync(`${root}/packages/${name}/src/index.ts`),
);

/** Tests run against the sources, so that no stale build can make one pass. */
export const sources = [
  ...packages.map((name) => ({
    find: new RegExp(`^@pocketping/${name}$`),
    replacement: `${root}/packages/${name}/src/index.ts`,
  })),
  // What a package exports besides lies in a folder of that name.
  { find: /^@pocketping\/([^/]+)\/([^/]+)$/, replacement: `${root}/packages/$1/src/$2/index.ts` },
];

export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: [
      '{packages,apps}/*/test/**/*.test.ts',
      '{bench,trials}/**/*.test.ts',
      'scripts/test/**/*.test.mjs',
    ],
    // These need a Chromium, or minutes: vitest.browser.config.ts and vitest.slow.config.ts run them.
    exclude: [...configDefaults.exclude, '**/*.browser.test.ts', '**/*.slow.test.ts'],
    setupFiles: [`${import.meta.dirname}/vitest.setup.ts`],
    testTimeout: 15_000,
  },
});
