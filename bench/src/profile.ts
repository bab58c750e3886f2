/** A profile as the inspector protocol describes it: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of the nodes that were at the top of the stack. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface SelfTime {
  readonly where: string;
  readonly micros: number;
  /** Of all the time that was not idle. */
  readonly share: number;
}

const IDLE = '(idle)';

/** Which functions the time was spent in, not counting what they called, longest first; over several profiles. */
export function selfTimes(profiles: readonly Profile[]): SelfTime[] {
  const micros = new Map<string, number>();
  let busy = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
    for (const [index, id] of samples.entries()) {
      const where = names.get(id) ?? '';
      const time = timeDeltas[index] ?? 0;
      if (where === IDLE) continue;
      micros.set(where, (micros.get(where) ?? 0) + time);
      busy += time;
    }
  }
  return [...micros]
    .map(([where, time]) => ({ where, micros: time, share: time / busy }))
    .sort((a, b) => b.micros - a.micros);
}

/** The function, and the end of its file's path. */
const nameOf = ({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string => {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/packages\//, '')
    .replace(/^file:.*\/bench\//, 'bench/');
  return `${name}  ${file}:${lineNumber + 1}`;
};

/**
 * The longest ones as text.
 * @param requests how many there were in that time, for the microseconds that each took
 */
export const hottest = (times: readonly SelfTime[], requests = 0, count = 40): string =>
  times
    .slice(0, count)
    .map(({ share, micros, where }) => {
      const each = requests > 0 ? `${(micros / requests).toFixed(2).padStart(7)} µs` : '';
      return `${(share * 100).toFixed(1).padStart(6)} %${each}  ${where}`;
    })
    .join('\n');
