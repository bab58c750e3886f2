import { defineConfig } from 'vitest/config';
import { sources } from './vitest.config.js';

/** Trials that take minutes: processes killed again and again, thousands of simulated days, a minute of random input. */
export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: ['{bench,trials}/**/*.slow.test.ts'],
    setupFiles: [`${import.meta.dirname}/vitest.setup.ts`],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
