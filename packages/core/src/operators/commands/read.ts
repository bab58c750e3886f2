import { type Command, commander, sessionIn } from './command.js';

/** In how many of the newest messages an unread one is looked for. */
const LOOKED_AT = 50;

export const read: Command = {
  name: 'read',
  summary: 'Show the visitor that their messages were read',
  needs: 'conversation',
  run: async (context) => {
    const { engine } = context;
    const session = sessionIn(context);
    const messages = await engine.storage.messages(session.id, { limit: LOOKED_AT });
    const newest = messages.findLast(({ author }) => author.kind === 'visitor')?.seq ?? 0;
    if (newest <= session.operatorReadSeq) return { reply: 'Everything the visitor wrote is read already.' };
    const upTo = session.seq;
    return {
      reply: 'Read: the visitor sees it.',
      write: {
        session: { id: session.id, advance: { operatorReadSeq: upTo, operatorDeliveredSeq: upTo } },
        events: [{ type: 'read', data: { by: 'operator', status: 'read', upTo }, actor: commander(context) }],
        expect: { seq: session.seq },
      },
    };
  },
};
