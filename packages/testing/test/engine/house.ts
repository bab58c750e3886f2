import { MemoryStorage, PocketPing, type PocketPingOptions, type VisitorActor } from '@pocketping/core';
import { onTestFinished } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';

/** An engine over memory, in virtual time; stopped when its test ends. */
export const house = (options: PocketPingOptions = {}) => {
  const clock = (options.clock as ReturnType<typeof virtualClock>) ?? virtualClock();
  const logger = recordingLogger();
  const storage = options.storage ?? new MemoryStorage({ clock });
  const pp = new PocketPing({ clock, logger, storage, ...options });
  onTestFinished(async () => {
    const stopped = pp.stop();
    await clock.advance(0);
    await stopped;
  });
  return { pp, clock, logger, storage };
};

export type House = ReturnType<typeof house>;

/** A visitor with a session. */
export const visitor = async ({ pp }: Pick<House, 'pp'>, visitorId = 'vis_one') => {
  const { session, token, seq } = await pp.conversation.connect({ visitorId }, {});
  if (token === undefined) throw new Error('connect gave no token');
  const actor: VisitorActor = await pp.conversation.authenticate(token);
  const say = (content: string, more: { clientMessageId?: string; replyTo?: string } = {}) =>
    pp.conversation.send(actor, { sessionId: session.id, content, ...more });
  return { actor, token, sessionId: session.id, seq, say };
};
