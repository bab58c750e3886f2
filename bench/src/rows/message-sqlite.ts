import type { Row } from '../bench.js';
import { throughput } from './throughput.js';
import { writing, writingTo } from './writing.js';

export const messageSqlite: Row = {
  name: 'message-sqlite',
  title: 'POST /message, SQLite, node:http',
  async measure(bench) {
    const floor = await bench.start({ subject: 'insert' });
    const ours = await bench.start({ subject: 'pocketping', framework: 'node', storage: 'sqlite' });
    const description = {
      name: this.name,
      title: this.title,
      against: 'one raw insert a request',
      target: { ratio: 0.5 },
    };
    return [await throughput(bench, description, { floor: writingTo(floor), ours: writing(ours) })];
  },
};
