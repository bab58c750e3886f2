import { deliverTasks } from '../../engine.js';
import type { Command } from './command.js';

export const close: Command = {
  name: 'close',
  summary: 'Close this conversation; the next message reopens it',
  inThread: true,
  run: async ({ engine, session, bridge, operator }) => {
    if (!session) return { reply: 'There is no conversation here to close.' };
    if (session.status !== 'open') return { reply: `This conversation is ${session.status} already.` };
    return {
      write: {
        session: { id: session.id, patch: { status: 'closed' } },
        events: [
          {
            type: 'session_closed',
            actor: { kind: 'operator', id: operator.id, name: operator.name, via: bridge },
          },
        ],
        tasks: deliverTasks(engine, session.id),
        expect: { seq: session.seq },
      },
    };
  },
};
