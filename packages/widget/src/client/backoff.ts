const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait after the `failures`th failure in a row, in milliseconds: doubling from 1 s to 30 s, of which a
 * random half is taken away, so that a thousand browsers do not return to a restarted server in step.
 *
 * @param atLeastMs what the server asked for in `Retry-After`; it is never undercut.
 */
export function backoffMs(failures: number, random: () => number, atLeastMs = 0): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(full * (0.5 + random() / 2)) + atLeastMs;
}
