import type { Row } from '../bench.js';
import { buildNextApp } from '../server/next-build.js';
import { throughput } from './throughput.js';
import { writing, writingTo } from './writing.js';

export const messageNext: Row = {
  name: 'message-next',
  title: 'POST /message, memory, Next',
  async measure(bench) {
    await buildNextApp();
    const floor = await bench.start({ subject: 'echo', framework: 'next' });
    const ours = await bench.start({ subject: 'pocketping', framework: 'next', storage: 'memory' });
    const description = { name: this.name, title: this.title, against: 'the same JSON echoed' };
    return [await throughput(bench, description, { floor: writingTo(floor), ours: writing(ours) })];
  },
};
