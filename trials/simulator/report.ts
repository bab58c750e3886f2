import { simulate } from './simulate.js';

/** The last lines of what happened, for a look at what led to it. */
const LINES = 120;

/**
 * Runs one seed after another until one fails.
 * @returns what failed, what happened before, and how to see it again; null when all was well
 */
export const firstFailure = async (seeds: Iterable<number>): Promise<string | null> => {
  for (const seed of seeds) {
    const { failures } = await simulate(seed);
    if (failures.length > 0) return reportOf(seed);
    // Whatever else this process has to do.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return null;
};

/** The same day once more, with everything that happened written down. */
const reportOf = async (seed: number): Promise<string> => {
  const { plan, trace, failures } = await simulate(seed, { trace: true });
  // What went wrong early is seen best where it did.
  const wrong = trace.findIndex((line) => line.includes('WRONG'));
  const end = wrong < 0 ? trace.length : wrong + 1;
  return [
    `seed ${seed} fails:`,
    ...failures,
    '',
    `plan: ${JSON.stringify(plan)}`,
    '',
    ...trace.slice(Math.max(0, end - LINES), end),
    '',
    `again: SEED=${seed} npx vitest run trials/simulator/simulator.test.ts`,
  ].join('\n');
};
