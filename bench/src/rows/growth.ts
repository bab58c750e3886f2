import type { Bench, Row } from '../bench.js';
import type { Figure } from '../figure.js';
import type { Populated, Population } from '../server/control.js';
import type { Server } from '../server/process.js';
import type { EngineKind } from '../server/subject.js';
import { ACTIVE, type Route, routes } from './growth-routes.js';
import { type Side, throughput } from './throughput.js';

const GROWN: Population = { sessions: 100_000, longSession: 100_000 };

/** Every route of a store that has grown, beside the same route of one that holds nobody but those who are there now. */
const growth = (storage: EngineKind['storage']): Row => ({
  name: `growth-${storage}`,
  title: `at 100,000 sessions and 100,000 messages in one of them, ${storage}`,
  async measure(bench) {
    const kind = { subject: 'pocketping', framework: 'node', storage } as const;
    const grown = await bench.start(kind);
    const populated = await grown.call('populate', GROWN);
    const young = await bench.start(kind);
    const figures: Figure[] = [];
    for (const route of routes) figures.push(await compare(bench, this, route, young, { grown, populated }));
    return figures;
  },
});

const compare = (
  bench: Bench,
  row: Row,
  route: Route,
  young: Server,
  { grown, populated }: { readonly grown: Server; readonly populated: Populated },
): Promise<Figure> => {
  const most = route.most === undefined ? {} : { most: route.most };
  // Young again with every round, or what the rounds write would make it old.
  const floor: Side = {
    ...most,
    server: young,
    requests: async () => {
      const population = { sessions: ACTIVE, longSession: route.youngMessages ?? 100 };
      return route.requests(await young.call('populate', population), young.port);
    },
  };
  const ongoing = route.requests(populated, grown.port);
  const ours: Side = { ...most, server: grown, requests: () => ongoing };
  const description = {
    name: `${row.name}/${route.name}`,
    title: `${route.name}, ${row.name.replace('growth-', '')}, when grown`,
    against: 'when young',
    target: { ratio: 0.8 },
  };
  return throughput(bench, description, { floor, ours });
};

export const growths: readonly Row[] = [growth('memory'), growth('sqlite')];
