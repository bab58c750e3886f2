import { deliverTask } from '../../engine.js';
import { type Command, commander, sessionIn } from './command.js';

export const who: Command = {
  name: 'who',
  summary: 'Show who the visitor is and where they are, once more',
  needs: 'conversation',
  run: async (context) => {
    const { bridge } = context;
    const { id, seq } = sessionIn(context);
    return {
      write: {
        session: { id },
        events: [{ type: 'card_requested', data: { bridge }, actor: commander(context), audience: 'team' }],
        tasks: [deliverTask(bridge, id)],
        expect: { seq },
      },
    };
  },
};
