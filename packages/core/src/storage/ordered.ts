/** How many of these are at most so much, in a list that is ordered by it. */
export const countUpTo = <T>(list: readonly T[], most: number, measure: (one: T) => number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (measure(list[middle] as T) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
};
