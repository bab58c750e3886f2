import { BridgeError } from '../errors.js';
import type { Instant, Json, Message } from '../model/index.js';
import type { StateWrite } from '../ports/index.js';
import { type Lane, record } from './lane.js';

/** How often a post is repeated that may have taken effect each time. */
const REPETITIONS = 3;
/** The last repetition comes no sooner after the first attempt: a bad minute of the platform's decides nothing. */
const PATIENCE_MS = 60_000;

/** A message whose post may have taken effect, so many times in a row. */
export interface Doubt {
  readonly messageId: string;
  readonly posts: number;
  /** When the first of these posts was made. */
  readonly since: Instant;
}

/** What earlier runs of a session's lane were not told. */
export const doubtOf = async (
  { engine, platform }: Pick<Lane, 'engine' | 'platform'>,
  sessionId: string,
): Promise<Doubt | undefined> => {
  const entry = await engine.storage.state(scopeOf(platform.bridge.name), sessionId);
  return entry ? (entry.value as unknown as Doubt) : undefined;
};

/** Whether one more attempt is the last one. It is made alone, so that it tells of no other message. */
export const isLastAttempt = ({ doubt }: Lane, { id }: Message): boolean =>
  doubt?.messageId === id && doubt.posts >= REPETITIONS;

/** @throws BridgeError `rate_limited` while it is too early for the last attempt */
export const awaitLastAttempt = (lane: Lane, message: Message): void => {
  if (!lane.doubt || !isLastAttempt(lane, message)) return;
  const elapsedMs = lane.engine.clock.now() - lane.doubt.since;
  // A clock that was set back says nothing about the time that has gone by.
  if (elapsedMs < 0 || elapsedMs >= PATIENCE_MS) return;
  const retryAfterMs = PATIENCE_MS - elapsedMs;
  throw new BridgeError('rate_limited', 'It is repeated a last time later.', {
    retryAfterMs,
    scope: 'thread',
  });
};

/**
 * One more post of a message may have taken effect; that is noted, so that another run knows it.
 * @throws BridgeError `invalid` when that was the last attempt: whoever posts it takes it for one that the platform refuses
 */
export const noteDoubt = async (lane: Lane, message: Message, error: BridgeError): Promise<void> => {
  const wasLast = isLastAttempt(lane, message);
  const before = lane.doubt?.messageId === message.id ? lane.doubt : undefined;
  const doubt: Doubt = {
    messageId: message.id,
    posts: (before?.posts ?? 0) + 1,
    since: before?.since ?? lane.engine.clock.now(),
  };
  lane.doubt = doubt;
  await record(lane, { state: [{ ...entryOf(lane), value: doubt as unknown as Json }] });
  if (!wasLast) return;
  throw new BridgeError(
    'invalid',
    `It was sent ${doubt.posts} times and never confirmed: ${error.message}.`,
    {
      cause: error,
    },
  );
};

/** The writes that end a doubt, for the commit that does. */
export const resolved = (lane: Lane): StateWrite[] => {
  if (!lane.doubt) return [];
  lane.doubt = undefined;
  return [{ ...entryOf(lane), value: null }];
};

const scopeOf = (bridge: string): string => `doubts/${bridge}`;

const entryOf = ({ thread, session }: Lane) => ({ scope: scopeOf(thread.bridge), key: session.id });
