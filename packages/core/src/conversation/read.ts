import type { ReadRequest } from '@pocketping/protocol';
import { type Engine, receiptTask } from '../engine.js';
import type { Actor, Message, Session } from '../model/index.js';
import type { Expectations } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { commitRetrying, sessionOf } from './session-of.js';

export const read = async (engine: Engine, actor: VisitorActor, request: ReadRequest): Promise<void> => {
  const { messageIds, status } = request;
  const session = await sessionOf(engine, actor, request.sessionId);
  const messages = await Promise.all(messageIds.map((id) => engine.storage.message(id)));
  await markRead(
    engine,
    session,
    { by: actor.author, status, messages },
    {
      token: actor.tokenHash,
      notBlocked: true,
    },
  );
};

/**
 * The visitor has these messages of the team's, or has read them: shown where the platform can. Never goes back. What is no message of the
 * team's in this session is passed over.
 */
export const markRead = async (
  engine: Engine,
  session: Session,
  { by: actor, status, messages }: Reading,
  expect: Expectations = {},
): Promise<void> => {
  let upTo = 0;
  for (const message of messages) {
    if (message?.sessionId === session.id && message.author.kind !== 'visitor' && message.audience === 'all')
      upTo = Math.max(upTo, message.seq);
  }
  const watermark = status === 'read' ? 'visitorReadSeq' : 'visitorDeliveredSeq';
  if (upTo <= session[watermark]) return;
  await commitRetrying(engine, async () => ({
    at: engine.clock.now(),
    session: { id: session.id, advance: { [watermark]: upTo } },
    events: [{ type: 'read', data: { by: 'visitor', status, upTo }, actor }],
    ...(session.reachedAt !== undefined && {
      tasks: engine.receiptBridges.map((bridge) => receiptTask(bridge, session.id)),
    }),
    expect,
  }));
};

interface Reading {
  readonly by: Actor;
  readonly status: ReadRequest['status'];
  readonly messages: readonly (Message | null)[];
}
