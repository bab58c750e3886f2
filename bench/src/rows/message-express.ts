import type { Row } from '../bench.js';
import { throughput } from './throughput.js';
import { writing, writingTo } from './writing.js';

export const messageExpress: Row = {
  name: 'message-express',
  title: 'POST /message, memory, Express',
  async measure(bench) {
    const floor = await bench.start({ subject: 'echo', framework: 'express' });
    const ours = await bench.start({ subject: 'pocketping', framework: 'express', storage: 'memory' });
    const description = {
      name: this.name,
      title: this.title,
      against: 'the same JSON echoed',
      target: { ratio: 0.9 },
      elsewhere: { floor: 10_900, value: 10_900 },
    };
    return [await throughput(bench, description, { floor: writingTo(floor), ours: writing(ours) })];
  },
};
