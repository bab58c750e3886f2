import type { Row } from '../bench.js';
import { newcomers } from '../load/requests.js';
import { throughput } from './throughput.js';
import { writingTo } from './writing.js';

export const newSessions: Row = {
  name: 'new-sessions',
  title: 'POST /connect by newcomers, memory, Express',
  async measure(bench) {
    const floor = await bench.start({ subject: 'echo', framework: 'express' });
    const server = await bench.start({ subject: 'pocketping', framework: 'express', storage: 'memory' });
    const description = {
      name: this.name,
      title: this.title,
      against: 'a message echoed',
      target: { ratio: 2500 / 10_900 },
      elsewhere: { floor: 10_900, value: 2500 },
    };
    const arriving = async () => {
      await server.call('populate', { sessions: 0, longSession: 0 });
      return newcomers();
    };
    return [
      await throughput(bench, description, {
        floor: writingTo(floor),
        ours: { server, requests: arriving },
      }),
    ];
  },
};
