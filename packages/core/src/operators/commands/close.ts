import { deliverTasks } from '../../engine.js';
import { type Command, commander, sessionIn } from './command.js';

export const close: Command = {
  name: 'close',
  summary: 'Close this conversation; the next message reopens it',
  needs: 'thread',
  weighty: true,
  run: async (context) => {
    const { engine } = context;
    const session = sessionIn(context);
    if (session.status !== 'open') return { reply: `This conversation is ${session.status} already.` };
    return {
      write: {
        session: { id: session.id, patch: { status: 'closed' } },
        events: [{ type: 'session_closed', actor: commander(context) }],
        tasks: deliverTasks(engine, session.id),
        expect: { seq: session.seq },
      },
    };
  },
};
