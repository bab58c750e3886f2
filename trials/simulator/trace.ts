import type { Clock } from '@pocketping/core';

/** What happened, line by line; kept only when somebody wants to read it. */
export interface Trace {
  readonly lines: readonly string[];
  /** `line` is asked for only when lines are kept. */
  add(line: () => string): void;
}

/** Keeps the lines, each with the milliseconds since the beginning. */
export const keptTrace = (clock: Clock): Trace => {
  const start = clock.now();
  const lines: string[] = [];
  return { lines, add: (line) => lines.push(`${String(clock.now() - start).padStart(8)}  ${line()}`) };
};

export const noTrace: Trace = { lines: [], add: () => {} };
