/**
 * Milliseconds to wait after so many failures in a row: twice as long each time, less up to half of it by chance, so that
 * those who failed together do not come back together.
 */
export const backoffMs = (
  failures: number,
  { firstMs, longestMs }: { firstMs: number; longestMs: number },
): number => {
  const ceiling = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return Math.round((ceiling / 2) * (1 + Math.random()));
};
