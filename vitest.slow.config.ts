import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { sources } from './vitest.config.js';

const LONGEST = ['trials/kill/', 'trials/simulator/', 'trials/sync/'];

/** The longest first, so that none of them is left alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((folder) => moduleId.includes(folder));
      return place < 0 ? LONGEST.length : place;
    };
    return files.toSorted((left, right) => rank(left) - rank(right));
  }
}

/** Trials that take minutes: processes killed again and again, thousands of simulated days, a minute of random input, an image built. */
export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: ['{bench,trials}/**/*.slow.test.ts', '{packages,apps}/*/test/**/*.slow.test.ts'],
    setupFiles: [`${import.meta.dirname}/vitest.setup.ts`],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
