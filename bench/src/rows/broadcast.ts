import type { Row } from '../bench.js';
import { figure } from '../figure.js';
import { interleaved } from '../interleaved.js';
import type { LoadSocket } from '../load/web-socket.js';
import { bareSockets, widgetSockets } from '../load/widgets.js';
import { monotonicMs } from '../server/control.js';
import type { Server } from '../server/process.js';
import { median } from '../statistics.js';

const SOCKETS = 10_000;
const NO_BLOCK_BEYOND_MS = 15;

/** What everybody connected is told today: that the team is there, or is not any more. */
export const broadcast: Row = {
  name: 'broadcast',
  title: `presence to ${SOCKETS} sockets`,
  async measure(bench) {
    const floor = await bench.start({ subject: 'sockets' });
    const ours = await bench.start({
      subject: 'pocketping',
      framework: 'node',
      storage: 'memory',
      bridgeMs: 0,
    });
    const { visitors } = await ours.call('populate', { sessions: SOCKETS, longSession: 0 });
    const toBare = () => tellAll(floor, () => bareSockets(floor.port, SOCKETS));
    const toWidgets = () => tellAll(ours, () => widgetSockets(ours.port, visitors));
    const runs = Math.min(bench.settings.runs, MOST_RUNS);
    const rounds = await interleaved(runs, toBare, () => bench.profiled(ours, toWidgets));
    const shared = { unit: 'ms', better: 'less', against: 'a loop over bare ws' } as const;
    const last = ({ lastMs }: Told) => lastMs;
    const block = ({ blockMs }: Told) => blockMs;
    return [
      figure(
        {
          ...shared,
          name: `${this.name}/last`,
          title: `${this.title}: until the last has it`,
          target: { ratio: 1.5 },
          elsewhere: { value: 114 },
        },
        { floor: rounds.floor.map(last), ours: rounds.ours.map(last) },
      ),
      figure(
        {
          ...shared,
          name: `${this.name}/block`,
          title: `${this.title}: longest block of the event loop`,
          target: { value: NO_BLOCK_BEYOND_MS },
          elsewhere: { value: 114 },
        },
        { floor: rounds.floor.map(block), ours: rounds.ours.map(block) },
      ),
    ];
  },
};

interface Told {
  readonly lastMs: number;
  readonly blockMs: number;
}

/** Each round opens thousands of sockets and closes them again, because two such crowds are more than a process may open. */
const MOST_RUNS = 5;
const BROADCASTS = 5;

/** What a broadcast to a new crowd takes, once some have gone out. */
async function tellAll(server: Server, open: () => Promise<readonly LoadSocket[]>): Promise<Told> {
  const sockets = await open();
  const told: Told[] = [];
  for (let i = 0; i < BROADCASTS; i++) told.push(await tell(server, sockets));
  for (const socket of sockets) socket.close();
  const [, ...warm] = told;
  return {
    lastMs: median(warm.map(({ lastMs }) => lastMs)),
    blockMs: median(warm.map(({ blockMs }) => blockMs)),
  };
}

async function tell(server: Server, sockets: readonly LoadSocket[]): Promise<Told> {
  let missing = sockets.length;
  const all = new Promise<number>((resolve) => {
    for (const socket of sockets) {
      socket.heard = (text) => {
        if (text.startsWith('{"type":"presence"') && --missing === 0) resolve(monotonicMs());
      };
    }
  });
  const startedAt = await server.call('broadcast');
  const lastMs = (await all) - startedAt;
  return { lastMs, blockMs: await server.call('longestBlock') };
}
