import type { SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Session } from '../model/index.js';
import type { Committed, Conflict, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';

/** How often a change that expects the `seq` it saw is tried again. Each failure means somebody else got through. */
const ATTEMPTS = 20;

export const sessionNotFound = (sessionId: SessionId) =>
  new PocketPingError(
    'session_not_found',
    `There is no session ${sessionId} that this token opens. Call connect to begin or resume one.`,
  );

export const sessionEnded = (sessionId: SessionId) =>
  new PocketPingError(
    'session_ended',
    `The visitor has ended session ${sessionId}. Call connect to begin a new one.`,
  );

export const visitorBlocked = () =>
  new PocketPingError('blocked', 'The team takes no messages from this visitor.');

/** A commit finds out by itself; this is for whoever only reads. @throws `blocked` */
export const refuseBlocked = async ({ storage }: Engine, { id }: VisitorActor): Promise<void> => {
  if ((await storage.visitor({ id }))?.blockedAt !== undefined) throw visitorBlocked();
};

/**
 * The visitor's own session. Somebody else's is as unknown as one that does not exist.
 * @throws `session_not_found`, `blocked`
 */
export const sessionOf = async (
  engine: Engine,
  actor: VisitorActor,
  sessionId: SessionId,
): Promise<Session> => {
  const [session] = await Promise.all([engine.storage.session(sessionId), refuseBlocked(engine, actor)]);
  if (session?.visitorId !== actor.id) throw sessionNotFound(sessionId);
  return session;
};

/**
 * Commits what `plan` derives from what it reads, and plans anew whenever somebody else was faster.
 * @param minded further conflicts that `plan` has an answer to
 */
export const commitRetrying = async (
  engine: Engine,
  plan: () => Promise<WriteSet | null>,
  ...minded: Conflict['conflict'][]
): Promise<Committed | null> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const write = await plan();
    if (!write) return null;
    const result = await engine.log.commit(write);
    if (result.conflict === undefined) return result;
    if (result.conflict === 'token' && write.expect?.token !== undefined)
      engine.tokens.dropHash(write.expect.token);
    if (!passing.has(result.conflict) && !minded.includes(result.conflict))
      throw conflictError(result, write);
  }
  throw new PocketPingError('unavailable', 'The session changes too fast to be changed; try again.', {
    retryAfterMs: 1000,
  });
};

/** Conflicts that another look at the session resolves. */
const passing: ReadonlySet<Conflict['conflict']> = new Set(['seq', 'status', 'operatorSeq', 'state']);

const conflictError = ({ conflict }: Conflict, { session }: WriteSet): PocketPingError => {
  const sessionId = session && 'id' in session ? session.id : '';
  if (conflict === 'session') return sessionNotFound(sessionId);
  if (conflict === 'token')
    return new PocketPingError('unauthorized', 'This token no longer opens the session.');
  if (conflict === 'blocked') return visitorBlocked();
  if (conflict === 'dedupe') {
    return new PocketPingError(
      'conflict',
      'This id names something earlier with another content; nothing was written. Use a new id.',
    );
  }
  return new PocketPingError(
    'conflict',
    `The change collided with another one (${conflict}); nothing was written.`,
  );
};
