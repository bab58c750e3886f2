import { messages } from '../load/requests.js';
import type { Server } from '../server/process.js';
import type { Side } from './throughput.js';

/** Visitors who write, in turn. */
const VISITORS = 200;

/** Visitors of an engine that begins anew with every round, so that no round carries what the ones before it left. */
export const writing = (server: Server): Side => ({
  server,
  requests: async () => {
    const { visitors } = await server.call('populate', { sessions: VISITORS, longSession: 0 });
    return messages(visitors);
  },
});

/** Requests of the same size, for a floor that does not mind who asks. */
export const writingTo = (server: Server): Side => ({
  server,
  requests: async () =>
    messages(
      Array.from({ length: VISITORS }, (_, i) => ({
        sessionId: `sess_${String(i).padStart(36, '0')}`,
        token: `ppv_${String(i).padStart(43, '0')}`,
        seq: 0,
      })),
    ),
});
