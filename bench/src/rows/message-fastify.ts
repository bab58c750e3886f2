import type { Row } from '../bench.js';
import { throughput } from './throughput.js';
import { writing, writingTo } from './writing.js';

export const messageFastify: Row = {
  name: 'message-fastify',
  title: 'POST /message, memory, Fastify',
  async measure(bench) {
    const floor = await bench.start({ subject: 'echo', framework: 'fastify' });
    const ours = await bench.start({ subject: 'pocketping', framework: 'fastify', storage: 'memory' });
    const description = {
      name: this.name,
      title: this.title,
      against: 'the same JSON echoed',
      target: { ratio: 0.6 },
    };
    return [await throughput(bench, description, { floor: writingTo(floor), ours: writing(ours) })];
  },
};
