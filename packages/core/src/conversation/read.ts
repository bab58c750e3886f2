import type { ReadRequest } from '@pocketping/protocol';
import { type Engine, receiptTask } from '../engine.js';
import type { VisitorActor } from './conversation.js';
import { commitRetrying, sessionOf } from './session-of.js';

export const read = async (engine: Engine, actor: VisitorActor, request: ReadRequest): Promise<void> => {
  const { sessionId, messageIds, status } = request;
  const session = await sessionOf(engine, actor, sessionId);
  const messages = await Promise.all(messageIds.map((id) => engine.storage.message(id)));
  let upTo = 0;
  for (const message of messages) {
    if (message?.sessionId === sessionId && message.author.kind !== 'visitor' && message.audience === 'all')
      upTo = Math.max(upTo, message.seq);
  }
  const watermark = status === 'read' ? 'visitorReadSeq' : 'visitorDeliveredSeq';
  if (upTo <= session[watermark]) return;
  await commitRetrying(engine, async () => ({
    at: engine.clock.now(),
    session: { id: sessionId, advance: { [watermark]: upTo } },
    events: [{ type: 'read', data: { by: 'visitor', status, upTo }, actor: actor.author }],
    ...(session.reachedAt !== undefined && {
      tasks: engine.receiptBridges.map((bridge) => receiptTask(bridge, sessionId)),
    }),
    expect: { token: actor.tokenHash, notBlocked: true },
  }));
};
