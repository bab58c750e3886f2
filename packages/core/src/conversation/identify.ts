import type { IdentifyRequest, SessionId, WireIdentity } from '@pocketping/protocol';
import { canonical } from '../canonical.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Actor, Identity, Session } from '../model/index.js';
import type { WriteSet } from '../ports/index.js';
import { checkedSessionId, unknownSession } from '../site/arguments.js';
import { checkedIdentity } from '../site/identity.js';
import type { VisitorActor } from './conversation.js';
import { commitRetrying, sessionOf } from './session-of.js';

/** What a browser says about its visitor: a claim. */
export const identify = async (
  engine: Engine,
  actor: VisitorActor,
  request: IdentifyRequest,
): Promise<Identity> => {
  const session = await sessionOf(engine, actor, request.sessionId);
  const after = await claimIdentity(engine, actor, session, request.identity);
  return after.identity ?? { ...request.identity, verified: false };
};

/** The session with the visitor's claim taken in. @throws `identity_conflict` */
export const claimIdentity = async (
  engine: Engine,
  actor: VisitorActor,
  session: Session,
  claim: WireIdentity,
): Promise<Session> => {
  let current = session;
  const result = await commitRetrying(engine, async () => {
    current = await sessionOf(engine, actor, session.id);
    const identity = mergeClaim(current.identity, claim);
    if (sameIdentity(identity, current.identity)) return null;
    const write = identityWrite(engine, current, identity, actor.author);
    return { ...write, expect: { token: actor.tokenHash, notBlocked: true, seq: current.seq } };
  });
  return result?.session ?? current;
};

/** What the site's own backend says about a visitor: verified. @throws `validation_failed`, `identity_conflict`, `session_not_found` */
export const verifyIdentity = async (
  engine: Engine,
  given: SessionId,
  said: WireIdentity,
  actor: Actor,
): Promise<Session> => {
  const sessionId = checkedSessionId('identify', given);
  const identity = checkedIdentity(said);
  let current: Session | null = null;
  const result = await commitRetrying(engine, async () => {
    current = await engine.storage.session(sessionId);
    if (!current) throw unknownSession('identify', sessionId);
    if (current.identity?.verified) refuseAnother(current.identity, identity);
    const known = current.identity?.verified ? current.identity : undefined;
    const verified: Identity = { ...known, ...identity, ...mergedMetadata(known, identity), verified: true };
    if (sameIdentity(verified, current.identity)) return null;
    return { ...identityWrite(engine, current, verified, actor), expect: { seq: current.seq } };
  });
  const after = result?.session ?? current;
  if (!after) throw unknownSession('identify', sessionId);
  return after;
};

/** A claim adds to earlier claims. What is verified it leaves alone: nothing unproven may stand beside it. */
export const mergeClaim = (known: Identity | undefined, claim: WireIdentity): Identity => {
  if (!known) return { ...claim, verified: false };
  if (known.verified) {
    refuseAnother(known, claim);
    return known;
  }
  return { ...known, ...claim, ...mergedMetadata(known, claim), verified: false };
};

/** A verified person does not turn into another one: nobody reads the previous person's conversation. */
const refuseAnother = (known: Identity, other: WireIdentity): void => {
  for (const field of ['id', 'customerId', 'email'] as const) {
    if (known[field] !== undefined && other[field] !== undefined) {
      if (known[field] === other[field]) return;
      throw new PocketPingError(
        'identity_conflict',
        `This session belongs to a person who is verified with another ${field}. Begin a new session for this one.`,
      );
    }
  }
};

const mergedMetadata = (
  under: WireIdentity | undefined,
  over: WireIdentity,
): Pick<WireIdentity, 'metadata'> =>
  under?.metadata || over.metadata ? { metadata: { ...under?.metadata, ...over.metadata } } : {};

const sameIdentity = (a: Identity, b: Identity | undefined): boolean =>
  b !== undefined && canonical(a) === canonical(b);

const identityWrite = (engine: Engine, session: Session, identity: Identity, actor: Actor): WriteSet => ({
  at: engine.clock.now(),
  session: { id: session.id, patch: { identity } },
  events: [{ type: 'identified', actor }],
  ...(session.reachedAt !== undefined && { tasks: deliverTasks(engine, session.id) }),
});
