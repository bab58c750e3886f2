import type { Row } from '../bench.js';
import { get } from '../load/requests.js';
import { throughput } from './throughput.js';
import { writingTo } from './writing.js';

const MESSAGES = 100;
const PAGE = 50;

export const history: Row = {
  name: 'history',
  title: `GET /messages, pages of ${PAGE}, memory, node:http`,
  async measure(bench) {
    const floor = await bench.start({ subject: 'echo', framework: 'node' });
    const server = await bench.start({ subject: 'pocketping', framework: 'node', storage: 'memory' });
    const { long } = await server.call('populate', { sessions: 0, longSession: MESSAGES });
    if (!long) throw new Error('there is no conversation to read');
    const page = get(`/messages?sessionId=${long.sessionId}&limit=${PAGE}`, long.token);
    const description = {
      name: this.name,
      title: this.title,
      against: 'a message echoed',
      target: { ratio: 12_900 / 64_700 },
      elsewhere: { floor: 64_700, value: 12_900 },
    };
    return [
      await throughput(bench, description, {
        floor: writingTo(floor),
        ours: { server, requests: async () => () => page },
      }),
    ];
  },
};
