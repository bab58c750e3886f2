import type { Bench, Row } from '../bench.js';
import { figure } from '../figure.js';
import { interleaved } from '../interleaved.js';
import type { LoadSocket } from '../load/web-socket.js';
import { bareSockets, widgetSockets } from '../load/widgets.js';
import type { Server } from '../server/process.js';

const SOCKETS = 5000;

/** What a socket costs on which nothing happens; its session is there before. Each round has a server of its own. */
export const socketMemory: Row = {
  name: 'socket-memory',
  title: `an idle socket, of ${SOCKETS}`,
  async measure(bench) {
    const rounds = await interleaved(
      Math.min(bench.settings.runs, MOST_RUNS),
      () => bare(bench),
      () => widgets(bench),
    );
    const shared = {
      unit: 'KB',
      better: 'less',
      against: 'a bare ws server',
      target: { ratio: 1.5 },
    } as const;
    const heap = ({ heapKb }: Cost) => heapKb;
    const rss = ({ rssKb }: Cost) => rssKb;
    return [
      figure(
        { ...shared, name: `${this.name}/heap`, title: `${this.title}: JavaScript’s memory` },
        { floor: rounds.floor.map(heap), ours: rounds.ours.map(heap) },
      ),
      figure(
        {
          ...shared,
          name: `${this.name}/rss`,
          title: `${this.title}: the process’s memory`,
          elsewhere: { value: 9 },
        },
        { floor: rounds.floor.map(rss), ours: rounds.ours.map(rss) },
      ),
    ];
  },
};

/** The figure hardly varies, and each round opens thousands of connections. */
const MOST_RUNS = 5;

interface Cost {
  readonly heapKb: number;
  readonly rssKb: number;
}

async function bare(bench: Bench): Promise<Cost> {
  const server = await bench.start({ subject: 'sockets' });
  return costOf(bench, server, (count) => bareSockets(server.port, count));
}

async function widgets(bench: Bench): Promise<Cost> {
  const server = await bench.start({ subject: 'pocketping', framework: 'node', storage: 'memory' });
  const { visitors } = await server.call('populate', { sessions: SOCKETS + WARM_UP, longSession: 0 });
  let opened = 0;
  return costOf(bench, server, (count) => {
    opened += count;
    return widgetSockets(server.port, visitors.slice(opened - count, opened));
  });
}

/** Sockets that come and go first: what the process keeps once for all is not each one's. */
const WARM_UP = 500;

async function costOf(
  bench: Bench,
  server: Server,
  open: (count: number) => Promise<LoadSocket[]>,
): Promise<Cost> {
  for (const socket of await open(WARM_UP)) socket.close();
  const before = await server.call('memory');
  const sockets = await open(SOCKETS);
  const after = await server.call('memory');
  for (const socket of sockets) socket.close();
  await bench.end();
  return {
    heapKb: (after.heapBytes - before.heapBytes) / 1024 / SOCKETS,
    rssKb: (after.rssBytes - before.rssBytes) / 1024 / SOCKETS,
  };
}
