import type { MessageId, SessionId } from '@pocketping/protocol';
import { BridgeError } from '../errors.js';
import type { Instant, Json, Message } from '../model/index.js';
import type { StateWrite } from '../ports/index.js';
import { backoffMs } from './backoff.js';
import { type Lane, record } from './lane.js';
import { LostLease } from './lease.js';

/** How often a call is repeated that may have taken effect each time, and without which the lane can go on. */
const REPETITIONS = 3;
/** The last repetition comes no sooner after the first attempt: a bad minute of the platform's decides nothing. */
const PATIENCE_MS = 60_000;
/** How long a session waits whose run ended in doubt; longer each time. */
const WAITS = { firstMs: 4000, longestMs: 3_600_000 };

/** What a session's lane was not told. */
export interface Doubt {
  /** How many runs in a row ended in doubt. */
  readonly runs: number;
  /** When the latest of them did, and how many milliseconds pass until the next one. */
  readonly wait?: { readonly since: Instant; readonly ms: number };
  /** The latest call of uncertain outcome, where it is one that is given up some day. */
  readonly call?: DoubtfulCall;
  readonly verdict?: Verdict;
}

interface DoubtfulCall {
  /** Names the call: a message's id, or what names a notice, an edit, or a change of the thread. */
  readonly of: string;
  /** It may have taken effect so many times in a row. */
  readonly times: number;
  /** When it was first made. */
  readonly since: Instant;
}

/** A message that is given up, of which the team was told in part. */
interface Verdict {
  readonly messageId: MessageId;
  readonly version: number;
  readonly error: string;
  /** The platform did not refuse it: it never confirmed it. */
  readonly unconfirmed: boolean;
}

/** A run ended in doubt: its session is left alone for a while, and the others are not. */
export class Postponed extends Error {
  override readonly name = 'Postponed';

  constructor(
    readonly waitMs: number,
    /** How many runs in a row ended so. */
    readonly runs: number,
    cause: unknown,
  ) {
    super(String(cause), { cause });
  }
}

type Place = Pick<Lane, 'engine' | 'platform' | 'fence'>;

/** What earlier runs of a session's lane were not told. */
export const doubtOf = async ({ engine, platform }: Place, sessionId: string): Promise<Doubt | undefined> => {
  const entry = await engine.storage.state(scopeOf(platform.bridge.name), sessionId);
  return entry ? (entry.value as unknown as Doubt) : undefined;
};

/**
 * The session's next run comes later, whoever asks for it and whichever node makes it: a new message makes its task due.
 * @throws BridgeError `rate_limited` while it is too early for it
 */
export const awaitNextRun = ({ engine }: Place, { wait }: Doubt): void => {
  const retryAfterMs = wait ? restOf(wait.ms, wait.since, engine.clock.now()) : 0;
  if (retryAfterMs === 0) return;
  throw new BridgeError('rate_limited', 'The session is tried again later.', {
    retryAfterMs,
    scope: 'thread',
  });
};

/** A run ends in doubt, after `before`. That is noted, so that another node knows it. @throws LostLease */
export const postponed = async (
  { engine, platform, fence }: Place,
  sessionId: SessionId,
  before: Doubt | undefined,
  cause: unknown,
): Promise<Postponed> => {
  const at = engine.clock.now();
  const runs = (before?.runs ?? 0) + 1;
  const waitMs = backoffMs(runs, WAITS);
  const doubt: Doubt = { ...before, runs, wait: { since: at, ms: waitMs } };
  const { conflict } = await engine.log.commit({
    at,
    session: { id: sessionId },
    state: [{ scope: scopeOf(platform.bridge.name), key: sessionId, value: doubt as unknown as Json }],
    expect: { fence },
  });
  if (conflict !== undefined) throw new LostLease(`the commit met a conflict: ${conflict}`);
  return new Postponed(waitMs, runs, cause);
};

/** Whether one more attempt is the last one. A message's is made alone, so that it tells of no other message. */
export const isLastAttempt = ({ doubt }: Lane, of: string): boolean =>
  doubt?.call?.of === of && doubt.call.times >= REPETITIONS;

/** @throws BridgeError `rate_limited` while it is too early for the last attempt */
export const awaitLastAttempt = (lane: Lane, of: string): void => {
  const { engine, doubt } = lane;
  if (!doubt?.call || !isLastAttempt(lane, of)) return;
  const retryAfterMs = restOf(PATIENCE_MS, doubt.call.since, engine.clock.now());
  if (retryAfterMs === 0) return;
  throw new BridgeError('rate_limited', 'It is repeated a last time later.', {
    retryAfterMs,
    scope: 'thread',
  });
};

/**
 * One more call may have taken effect; that is noted, so that another run knows it.
 * @throws BridgeError `invalid` when that was the last attempt: whoever makes it takes it for one that the platform refuses
 */
export const noteDoubt = async (lane: Lane, of: string, error: BridgeError): Promise<void> => {
  const wasLast = isLastAttempt(lane, of);
  const before = lane.doubt?.call?.of === of ? lane.doubt.call : undefined;
  const call = {
    of,
    times: (before?.times ?? 0) + 1,
    since: before?.since ?? lane.engine.clock.now(),
  };
  await keep(lane, { runs: 0, ...lane.doubt, call });
  if (!wasLast) return;
  throw new BridgeError('invalid', `It was sent ${call.times} times and never confirmed: ${error.message}.`, {
    cause: error,
  });
};

/** Whether that is what is thrown with the last attempt, and no refusal of the platform's. */
export const wasNeverConfirmed = ({ cause }: BridgeError): boolean =>
  BridgeError.isInstance(cause) && cause.code === 'uncertain';

/** Why a message is given up, if the team knows already. */
export const verdictOn = ({ doubt }: Lane, message: Message): BridgeError | undefined => {
  const { messageId, version, error, unconfirmed } = doubt?.verdict ?? {};
  if (messageId !== message.id || version !== message.version || error === undefined) return undefined;
  const cause = unconfirmed ? new BridgeError('uncertain', error) : undefined;
  return new BridgeError('invalid', error, { cause });
};

/** The team begins to be told that a message is given up: whoever tells may be interrupted, and goes on telling just that. */
export const settle = async (lane: Lane, message: Message, error: BridgeError): Promise<void> => {
  const verdict = {
    messageId: message.id,
    version: message.version,
    error: error.message,
    unconfirmed: wasNeverConfirmed(error),
  };
  await keep(lane, { runs: 0, ...lane.doubt, verdict });
};

const keep = async (lane: Lane, doubt: Doubt): Promise<void> => {
  lane.doubt = doubt;
  await record(lane, { state: [{ ...entryOf(lane), value: doubt as unknown as Json }] });
};

/** The writes that end a doubt, for the commit that does. */
export const resolved = (lane: Lane): StateWrite[] => {
  if (!lane.doubt) return [];
  lane.doubt = undefined;
  return [{ ...entryOf(lane), value: null }];
};

/** What is left of a wait. A clock that was set back says nothing about the time that has gone by, and holds up nothing. */
const restOf = (waitMs: number, since: Instant, now: Instant): number => {
  const elapsedMs = now - since;
  return elapsedMs < 0 ? 0 : Math.max(0, waitMs - elapsedMs);
};

const scopeOf = (bridge: string): string => `doubts/${bridge}`;

const entryOf = ({ thread, session }: Lane) => ({ scope: scopeOf(thread.bridge), key: session.id });
