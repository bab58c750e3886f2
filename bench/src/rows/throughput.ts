import type { Bench } from '../bench.js';
import { type Description, type Figure, figure } from '../figure.js';
import { interleaved } from '../interleaved.js';
import { saturate } from '../load/saturate.js';
import type { Server } from '../server/process.js';
import { median } from '../statistics.js';

/** One of two servers that are asked as fast as they answer. */
export interface Side {
  readonly server: Server;
  /** What is asked in a round; made anew before each. */
  readonly requests: () => Promise<() => string>;
  /** Rounds end after as many requests, if not earlier. */
  readonly most?: number;
}

type Measured = Omit<Description, 'unit' | 'better'>;

/** Requests a second, and the processor's time for each: warmed up, and then in turn. */
export async function throughput(
  bench: Bench,
  description: Measured,
  sides: { readonly floor: Side; readonly ours: Side },
): Promise<Figure> {
  const { ms, runs } = bench.settings;
  const floor = () => round(sides.floor, ms);
  const ours = () => round(sides.ours, ms);
  await interleaved(WARM_UPS, floor, ours);
  const rounds = await interleaved(runs, floor, () =>
    bench.profiled(sides.ours.server, ours, ({ answered }) => answered),
  );
  const rate = ({ perSecond }: Round) => perSecond;
  const cost = ({ micros }: Round) => micros;
  const busy = median([...rounds.floor, ...rounds.ours].map((one) => one.busy));
  return figure(
    { ...description, unit: '/s', better: 'more' },
    {
      floor: rounds.floor.map(rate),
      ours: rounds.ours.map(rate),
      cost: { floor: rounds.floor.map(cost), ours: rounds.ours.map(cost) },
    },
    busy > LIMIT
      ? `the load was busy for ${Math.round(busy * 100)} % of the time: it may be what was measured`
      : undefined,
  );
}

/** Rounds after which the engine has compiled what a row runs; the first take up to three times as long. */
const WARM_UPS = 3;

/** Beyond this share of busy time the load's process is not surely faster than the server. */
const LIMIT = 0.95;

interface Round {
  readonly answered: number;
  readonly perSecond: number;
  /** Microseconds of the server's processor for each request. */
  readonly micros: number;
  readonly busy: number;
}

async function round({ server, requests, most }: Side, ms: number): Promise<Round> {
  const next = await requests();
  const before = await server.call('processor');
  const {
    answered,
    ms: taken,
    busy,
  } = await saturate(server.port, next, {
    ms,
    ...(most !== undefined && { requests: most }),
  });
  const micros = ((await server.call('processor')) - before) / answered;
  return { answered, perSecond: (answered * 1000) / taken, micros, busy };
}
