import { deliverTasks } from '../../engine.js';
import { newId } from '../../ids.js';
import { linkedMessage } from '../linked-message.js';
import { type Command, commander, sessionIn } from './command.js';

const EXAMPLE = 'asked for a refund twice';

/** It stays where it was typed, for the team to see, and is linked like a reply: it can be answered, and deleted. */
export const note: Command = {
  name: 'note',
  summary: 'Leave a note that only the team sees',
  example: EXAMPLE,
  needs: 'conversation',
  run: async (context) => {
    const { engine, bridge, args, prefix, inbound } = context;
    if (args === '') return { reply: `Write the note behind it: ${prefix}note ${EXAMPLE}` };
    const session = sessionIn(context);
    const { ref } = inbound;
    const actor = commander(context);
    const id = newId('message', engine.clock.now());
    const replyTo =
      inbound.replyTo && (await linkedMessage(engine, bridge, session, inbound.replyTo, 'team'));
    return {
      write: {
        session: { id: session.id },
        insert: [
          {
            id,
            sessionId: session.id,
            author: actor,
            audience: 'team',
            content: args,
            ...(replyTo !== undefined && { replyTo }),
          },
        ],
        events: [{ type: 'message', messageId: id, actor, audience: 'team', origin: bridge }],
        links: [
          {
            bridge,
            chatId: ref.chatId,
            platformId: ref.platformId,
            threadId: ref.threadId ?? '',
            sessionId: session.id,
            messageId: id,
            part: 0,
            direction: 'in',
            version: 0,
          },
        ],
        tasks: deliverTasks(engine, session.id, session.status === 'closed' ? undefined : bridge),
      },
    };
  },
};
