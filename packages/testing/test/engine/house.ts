import {
  BridgeError,
  type BridgeErrorCode,
  type BridgeScope,
  MemoryStorage,
  PocketPing,
  type PocketPingOptions,
  type StoragePort,
  type VisitorActor,
} from '@pocketping/core';
import { onTestFinished } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';

/** An engine over memory, in virtual time; stopped when its test ends. */
export const house = (options: PocketPingOptions = {}) => {
  const clock = (options.clock as ReturnType<typeof virtualClock>) ?? virtualClock();
  const logger = recordingLogger();
  const storage = (options.storage as StoragePort | undefined) ?? new MemoryStorage({ clock });
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

/** A started engine with a bridge, and a visitor who has not written yet. */
export const begin = async (bridge = new FakeBridge(), options: PocketPingOptions = {}) => {
  const started = house({ bridge, ...options });
  await started.pp.start();
  return { ...started, ...(await visitor(started)), bridge };
};

/** What a platform refuses with. */
export const refusal = (code: BridgeErrorCode, more: { retryAfterMs?: number; scope?: BridgeScope } = {}) =>
  new BridgeError(code, `it is ${code}`, more);
