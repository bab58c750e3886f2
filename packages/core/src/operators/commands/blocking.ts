import { deliverTasks, type Engine } from '../../engine.js';
import { originOf } from '../../mirror/origin.js';
import type { Session } from '../../model/index.js';
import { type CommandContext, type CommandOutcome, commander, sessionIn } from './command.js';

/** Keeps the visitor of a conversation out, or lets them in again. */
export const blocking = async (context: CommandContext, blocked: boolean): Promise<CommandOutcome> => {
  const { engine, bridge, prefix } = context;
  const here = sessionIn(context);
  const { visitorId } = here;
  const [visitor, session] = await Promise.all([
    engine.storage.visitor({ id: visitorId }),
    followedBy(engine, here),
  ]);
  // Whether a backend's visitor is kept out is known there alone, where others of the team may have said so, too.
  const isMirrored = originOf(here) !== undefined;
  if (!isMirrored && (visitor?.blockedAt !== undefined) === blocked) {
    return { reply: blocked ? 'This visitor is blocked already.' : 'This visitor is not blocked.' };
  }
  const isHere = session.id === here.id;
  return {
    reply: blocked
      ? `Blocked: nothing this visitor writes arrives any more. ${prefix}unblock lets them in again.`
      : 'This visitor can write again.',
    write: {
      session: { id: session.id },
      ...(!isMirrored && { block: { visitorId, blocked } }),
      events: [
        {
          type: blocked ? 'visitor_blocked' : 'visitor_unblocked',
          actor: commander(context),
          audience: 'team',
          ...(isHere && { origin: bridge }),
        },
      ],
      ...(session.reachedAt !== undefined && {
        tasks: deliverTasks(engine, session.id, isHere ? bridge : undefined),
      }),
      expect: { seq: session.seq },
    },
  };
};

/** The session in whose log the visitor's open windows will find it: after an ended one, that which came after. */
const followedBy = async ({ storage }: Engine, session: Session): Promise<Session> => {
  if (session.status !== 'ended') return session;
  const [latest] = await storage.sessions({ visitorId: session.visitorId, limit: 1 });
  return latest ?? session;
};
