import { type Ask, type Calls, monotonicMs } from './server/control.js';
import { echo } from './server/echo.js';
import { engine } from './server/engine.js';
import { BlockWatch } from './server/event-loop.js';
import { rawInsert } from './server/insert.js';
import { StackProfiler } from './server/profiler.js';
import { bareSockets } from './server/sockets.js';
import type { Kind, Subject } from './server/subject.js';

/* A server process: what it serves stands in its argument, what else it does is asked of it through its parent's channel. */

const kind = JSON.parse(process.argv[2] ?? '') as Kind;
const subject = await start(kind);
const blocks = new BlockWatch();
const profiler = new StackProfiler();

const calls: Calls = {
  async populate(population) {
    if (!subject.populate) throw new Error(`a server of ${kind.subject} knows nobody`);
    return subject.populate(population);
  },
  processor: async () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: async () => {
    for (let i = 0; i < 3; i++) {
      gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    return { heapBytes: heapUsed + external, rssBytes: rss };
  },
  broadcast: async () => {
    if (!subject.broadcast) throw new Error(`a server of ${kind.subject} has nothing to tell everybody`);
    blocks.start();
    await new Promise((resolve) => setImmediate(resolve));
    const startedAt = monotonicMs();
    subject.broadcast();
    return startedAt;
  },
  longestBlock: async () => blocks.stop(),
  startProfile: () => profiler.start(),
  stopProfile: () => profiler.stop(),
};

process.on('message', ({ id, call, argument }: Ask) => {
  (calls[call] as (argument: unknown) => Promise<unknown>)(argument).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
// Nobody is left to measure.
process.once('disconnect', () => process.exit(0));
process.send?.({ port: subject.port });

function start(kind: Kind): Promise<Subject> {
  switch (kind.subject) {
    case 'echo':
      return echo(kind.framework);
    case 'insert':
      return rawInsert();
    case 'sockets':
      return bareSockets();
    case 'pocketping':
      return engine(kind);
  }
}
