/** Measures two sides in turn, `runs` times each, so that what the machine does meanwhile happens to both. */
export async function interleaved<T>(
  runs: number,
  floor: () => Promise<T>,
  ours: () => Promise<T>,
): Promise<{ readonly floor: T[]; readonly ours: T[] }> {
  const rounds = { floor: [] as T[], ours: [] as T[] };
  for (let round = 0; round < runs; round++) {
    rounds.floor.push(await floor());
    rounds.ours.push(await ours());
  }
  return rounds;
}
