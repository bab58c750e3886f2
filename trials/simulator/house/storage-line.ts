import type { Instant, StoragePort, WriteSet } from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Plan } from '../plan.js';
import type { Stage } from '../stage.js';
import { type Life, never } from './life.js';

/** How the storage is doing, for all nodes. */
export interface StorageWeather {
  /** How often a call fails. */
  failing: number;
  slow: Plan['slowStorage'];
}

/** What a node's calls to the storage are watched for. */
export interface StorageWatch {
  /** Written for good. */
  wrote(write: WriteSet): void;
  /** The node asked for it and was not told that it was written: it may be. */
  notRecorded(write: WriteSet): void;
}

interface Line {
  readonly life: Life;
  readonly stage: Stage;
  readonly random: Random;
  readonly weather: StorageWeather;
  readonly watch: StorageWatch;
  /** The calls of this instant. */
  readonly busy: { at: Instant; calls: number };
}

/** More calls than this within one instant come from a loop without an end. */
const MOST_CALLS = 200_000;

/** A node's connection to the storage: slow and failing now and then, and silent once the node is dead. */
export const storageLine = (storage: StoragePort, line: Line): StoragePort => wrapped(storage, line);

const wrapped = <T extends object>(target: T, line: Line): T => {
  const lines = new Map<string | symbol, unknown>();
  return new Proxy(target, {
    get: (of, key) => {
      if (!lines.has(key)) lines.set(key, lineTo(of, key, line));
      return lines.get(key);
    },
  });
};

const lineTo = <T extends object>(target: T, key: string | symbol, line: Line): unknown => {
  const value: unknown = Reflect.get(target, key, target);
  if (key === 'tasks' || key === 'lease') return wrapped(value as object, line);
  // The storage outlives its nodes.
  if (key === 'close') return async () => {};
  if (typeof value !== 'function') return value;
  return (...args: unknown[]) =>
    called(line, String(key), args, () => Reflect.apply(value, target, args) as Promise<unknown>);
};

const called = async (
  line: Line,
  name: string,
  args: readonly unknown[],
  run: () => Promise<unknown>,
): Promise<unknown> => {
  const { life, stage, random, weather, watch } = line;
  const write = name === 'commit' ? (args[0] as WriteSet) : undefined;
  const lost = () => {
    if (!write) return;
    noteFailure(line, write);
    watch.notRecorded(write);
  };
  life.step();
  endLoops(line);
  if (!life.alive) {
    lost();
    return never();
  }
  if (random.chance(weather.slow.chance)) await stage.clock.sleep(random.between(1, weather.slow.ms));
  // What was sent before the node died may still arrive.
  if (!life.alive && random.chance(0.5)) {
    lost();
    return never();
  }
  if (life.alive && random.chance(weather.failing) && !(write && random.chance(0.4))) {
    lost();
    throw new Error(`the storage cannot be reached (${name})`);
  }
  const result = await run();
  const refused = write && (result as { conflict?: string }).conflict;
  if (write && refused === undefined && !(result as { duplicate?: boolean }).duplicate) watch.wrote(write);
  if (refused !== undefined) lost();
  if (write) stage.trace.add(() => `${life.name} commits ${described(write)}${refused ?? ''}`);
  if (life.alive && write && random.chance(weather.failing)) {
    lost();
    throw new Error('the storage did not say whether it was written');
  }
  life.step();
  if (life.alive) return result;
  lost();
  return never();
};

/** A node that never lets time pass is ended, so that the run can tell of it. */
const endLoops = ({ busy, life, stage }: Line): void => {
  const now = stage.clock.now();
  busy.calls = busy.at === now ? busy.calls + 1 : 1;
  busy.at = now;
  if (busy.calls < MOST_CALLS || !life.alive) return;
  stage.fail(`${life.name} calls the storage without end`);
  life.end();
};

const noteFailure = ({ life, stage }: Line, { session }: WriteSet): void => {
  const id = session && 'id' in session ? session.id : '';
  const times = life.failedAt.get(id);
  if (times) times.push(stage.clock.now());
  else life.failedAt.set(id, [stage.clock.now()]);
};

const described = (write: WriteSet): string => {
  const parts = [
    ...(write.events ?? []).map(({ type }) => type),
    ...(write.insert ?? []).map(({ content }) => content.slice(0, 12)),
    ...(write.links ?? []).map(
      ({ platformId, messageId, version }) => `${platformId}=${messageId.slice(-6)}.${version}`,
    ),
    ...(write.unlink ?? []).map(({ platformId }) => `-${platformId}`),
    ...(write.threads ?? []).map((thread) =>
      'patch' in thread
        ? `${thread.threadId}@${thread.patch.deliveredSeq ?? 'retired'}`
        : `+${thread.threadId}`,
    ),
    ...(write.state ?? []).map(({ scope, key }) => `${scope}/${key}`),
    ...(write.tasks ?? []).map(({ queue }) => `>${queue}`),
  ];
  return `${write.session && 'id' in write.session ? write.session.id.slice(-6) : ''} ${parts.join(' ')} `;
};
