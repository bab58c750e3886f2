import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The servers have a core to themselves, and so has the load. */
const SERVER_CORE = 0;
const LOAD_CORE = 1;

export interface Pinning {
  /** The command that runs `command` on the servers' core; as it is where processes cannot be pinned. */
  onServerCore(command: readonly string[]): readonly string[];
  /** What the output says of it. */
  readonly description: string;
}

/** Moves this process, which makes the load, to its core. Needs `taskset` of util-linux and two cores. */
export function pinLoad(): Pinning {
  if (availableParallelism() < 2) return unpinned('there is one core, which the server shares with the load');
  const moved = spawnSync('taskset', ['-a', '-c', '-p', `${LOAD_CORE}`, `${process.pid}`]);
  if (moved.status !== 0) return unpinned('taskset is not there, or not allowed');
  return {
    onServerCore: (command) => ['taskset', '-c', `${SERVER_CORE}`, ...command],
    description: `servers on core ${SERVER_CORE}, load on core ${LOAD_CORE}`,
  };
}

const unpinned = (why: string): Pinning => ({
  onServerCore: (command) => command,
  description: `not pinned (${why}): ratios hold, absolute figures are those of whatever cores there were`,
});
