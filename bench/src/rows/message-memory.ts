import type { Row } from '../bench.js';
import { throughput } from './throughput.js';
import { writing, writingTo } from './writing.js';

export const messageMemory: Row = {
  name: 'message-memory',
  title: 'POST /message, memory, node:http',
  async measure(bench) {
    const floor = await bench.start({ subject: 'echo', framework: 'node' });
    const ours = await bench.start({ subject: 'pocketping', framework: 'node', storage: 'memory' });
    const description = {
      name: this.name,
      title: this.title,
      against: 'the same JSON echoed',
      target: { ratio: 0.6 },
      elsewhere: { floor: 64_700, value: 44_200 },
    };
    return [await throughput(bench, description, { floor: writingTo(floor), ours: writing(ours) })];
  },
};
