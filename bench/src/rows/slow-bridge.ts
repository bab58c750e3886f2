import type { Row } from '../bench.js';
import { figure } from '../figure.js';
import { interleaved } from '../interleaved.js';
import { latencies } from '../load/at-rate.js';
import { messages } from '../load/requests.js';
import type { Server } from '../server/process.js';
import type { EngineKind } from '../server/subject.js';
import { quantile } from '../statistics.js';

const PER_SECOND = 500;
const VISITORS = 200;
const BRIDGE_MS = 2000;
const MEGABYTE = 1024 * 1024;

/** What a visitor notices of a platform that takes its time: nothing, it should be. */
const slowBridge = (storage: EngineKind['storage']): Row => ({
  name: `slow-bridge-${storage}`,
  title: `POST /message, ${storage}, ${PER_SECOND}/s, a bridge that takes 2 s`,
  async measure(bench) {
    const { ms, runs } = bench.settings;
    const kind = { subject: 'pocketping', framework: 'node', storage } as const;
    const alone = await bench.start(kind);
    const bridged = await bench.start({ ...kind, bridgeMs: BRIDGE_MS });
    const without = await flow(alone, ms);
    const withBridge = await flow(bridged, ms);
    await without();
    await withBridge();

    const before = [await alone.call('memory'), await bridged.call('memory')] as const;
    const rounds = await interleaved(runs * POOLED, without, () => bench.profiled(bridged, withBridge));
    const after = [await alone.call('memory'), await bridged.call('memory')] as const;

    const p99s = (times: number[][]) => pooled(times).map((each) => quantile(each, 0.99));
    const grown = (side: 0 | 1) => (after[side].heapBytes - before[side].heapBytes) / MEGABYTE;
    return [
      figure(
        {
          name: `${this.name}/p99`,
          title: `${this.title}: p99`,
          unit: 'ms',
          better: 'less',
          against: 'no bridge',
          target: { ratio: 1.1 },
        },
        { floor: p99s(rounds.floor), ours: p99s(rounds.ours) },
      ),
      figure(
        {
          name: `${this.name}/heap`,
          title: `${this.title}: growth of the heap meanwhile`,
          unit: 'MB',
          better: 'less',
          against: 'no bridge',
          target: { value: grown(0) + FLAT_MB },
        },
        { floor: [grown(0)], ours: [grown(1)] },
      ),
    ];
  },
});

/**
 * Rounds that are taken together: of one second's 500 answers the 99th percentile is what five of them say, and one pause of
 * the machine decides it. The sides go on taking turns every second.
 */
const POOLED = 4;

const pooled = (rounds: readonly number[][]): number[][] =>
  Array.from({ length: Math.floor(rounds.length / POOLED) }, (_, at) =>
    rounds.slice(at * POOLED, (at + 1) * POOLED).flat(),
  );

/** What the heap may grow by beside one without a bridge: a row of every session's, and the noise of a collection. */
const FLAT_MB = 2;

async function flow(server: Server, ms: number): Promise<() => Promise<number[]>> {
  const { visitors } = await server.call('populate', { sessions: VISITORS, longSession: 0 });
  const next = messages(visitors);
  return () => latencies(server.port, next, { perSecond: PER_SECOND, ms });
}

export const slowBridges: readonly Row[] = [slowBridge('memory'), slowBridge('sqlite')];
