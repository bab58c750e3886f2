import type { BridgeEvent } from '@pocketping/protocol';
import { canonical } from '../canonical.js';
import { commitRetrying } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Actor, Identity, NewEvent, Session } from '../model/index.js';
import type { Committed, SessionPatch, WriteSet } from '../ports/index.js';
import { mirroredVisitor, noToken, originOf } from './origin.js';

type OfType<Type extends BridgeEvent['type']> = Extract<BridgeEvent, { type: Type }>;

interface OfSession {
  readonly sessionId: string;
  readonly origin: string;
  readonly mirroredAt?: string | undefined;
}

/** @throws `session_not_found`, also for one of somebody else's, and for a copy that began at another time than the caller knows */
export const mirroredSession = async (
  { storage }: Engine,
  { sessionId, origin, mirroredAt }: OfSession,
): Promise<Session> => {
  const session = await storage.session(sessionId);
  const isKnown = session && originOf(session) === origin;
  if (isKnown && (mirroredAt === undefined || Date.parse(mirroredAt) === session.createdAt)) return session;
  throw new PocketPingError(
    'session_not_found',
    isKnown
      ? `The copy of session ${sessionId} that began at ${mirroredAt} is gone. Send new_session, and go on with what it answers.`
      : `There is no session ${sessionId} of ${origin} here. Send new_session first.`,
  );
};

/** The visitor of a mirrored session, as the log names them. */
export const visitorOf = ({ visitorId }: Session): Actor => ({ kind: 'visitor', id: visitorId });

/** A session begins here too, or there is more to say of one. @throws `conflict` when the id is somebody else's */
export const begin = async (
  engine: Engine,
  { origin, session: told }: OfType<'new_session'>,
): Promise<Session> => {
  const visitorId = mirroredVisitor(origin, told.visitorId);
  const known = await engine.storage.session(told.id);
  if (known) {
    if (known.visitorId !== visitorId) throw taken(told.id);
    return describe(engine, known, told);
  }
  const at = engine.clock.now();
  const actor: Actor = { kind: 'visitor', id: visitorId };
  const identity = told.identity && identityOf(told.identity);
  const events: NewEvent[] = [{ type: 'session_started', actor }];
  if (identity) events.push({ type: 'identified', actor });
  const create = { id: told.id, visitorId, metadata: told.metadata ?? {}, ...(identity && { identity }) };
  const isKnownVisitor = (await engine.storage.visitor({ id: visitorId })) !== null;
  const visitor = isKnownVisitor ? undefined : { id: visitorId, tokenHash: noToken(visitorId) };
  const result = await engine.log.commit({ at, session: { create }, events, ...(visitor && { visitor }) });
  if (result.conflict === undefined && result.session) return result.session;
  // The same was told twice at once, or of two sessions of one visitor.
  const now = await engine.storage.session(told.id);
  if (now && now.visitorId !== visitorId) throw taken(told.id);
  if (now) return describe(engine, now, told);
  throw new PocketPingError('unavailable', 'The session could not begin; try again.', { retryAfterMs: 1000 });
};

const taken = (id: string) =>
  new PocketPingError('conflict', `Session ${id} belongs to somebody else here. Choose another id.`);

const describe = async (
  engine: Engine,
  session: Session,
  { metadata, identity }: OfType<'new_session'>['session'],
): Promise<Session> => {
  const patch: SessionPatch = {
    ...(metadata && !isSame(metadata, session.metadata) && { metadata }),
  };
  let after = session;
  if (Object.keys(patch).length > 0) {
    const result = await engine.log.commit({ at: engine.clock.now(), session: { id: session.id, patch } });
    if (result.conflict === undefined && result.session) after = result.session;
  }
  return identity ? (await identified(engine, after, identity)).session : after;
};

type ToldIdentity = OfType<'identity_update'>['identity'];

const identityOf = ({ verified = true, ...identity }: ToldIdentity): Identity => ({ ...identity, verified });

/** The backend's word replaces what was known: it has the session. */
export const identified = async (
  engine: Engine,
  session: Session,
  told: ToldIdentity,
  about: Pick<WriteSet, 'dedupe'> = {},
): Promise<{ readonly session: Session; readonly duplicate: boolean }> => {
  const identity = identityOf(told);
  let current = session;
  const result = await commitRetrying(engine, async () => {
    current = (await engine.storage.session(session.id)) ?? session;
    if (current.identity && isSame(identity, current.identity)) {
      // That it was said counts all the same, or it would undo a later word when it comes again.
      return about.dedupe ? { at: engine.clock.now(), ...about } : null;
    }
    return {
      at: engine.clock.now(),
      session: { id: session.id, patch: { identity } },
      events: [{ type: 'identified', actor: visitorOf(session) }],
      ...delivered(engine, current),
      expect: { seq: current.seq },
      ...about,
    };
  });
  return { session: result?.session ?? current, duplicate: result?.duplicate ?? false };
};

/** A session that was not reached is on no bridge yet. */
export const delivered = (engine: Engine, { id, reachedAt }: Session): Pick<WriteSet, 'tasks'> =>
  reachedAt === undefined ? {} : { tasks: deliverTasks(engine, id) };

/** Nothing to change; but the event has had its turn, and has none later. */
export const unchanged = ({ clock }: Engine, about: Pick<WriteSet, 'dedupe'>): WriteSet | null =>
  about.dedupe ? { at: clock.now(), ...about } : null;

const STATUS = {
  session_closed: 'closed',
  session_reopened: 'open',
  session_ended: 'ended',
} as const;

/** The backend's side closed a conversation, or opened it again, or the visitor ended it. */
export const changeStatus = (
  engine: Engine,
  event: OfType<keyof typeof STATUS>,
  about: Pick<WriteSet, 'dedupe'>,
): Promise<Committed | null> =>
  commitRetrying(engine, async () => {
    const session = await mirroredSession(engine, event);
    const status = STATUS[event.type];
    // What the visitor has ended stays so, and what is so already need not be said.
    if (session.status === status || session.status === 'ended') return unchanged(engine, about);
    const actor = event.type === 'session_ended' ? visitorOf(session) : SITE_OF_BACKEND;
    return {
      at: engine.clock.now(),
      session: { id: session.id, patch: { status } },
      events: [{ type: event.type, actor }],
      ...delivered(engine, session),
      expect: { seq: session.seq },
      ...about,
    };
  });

/** Acts where the backend says nobody's name. */
export const SITE_OF_BACKEND: Actor = { kind: 'apiKey', id: 'bridge-api' };

const isSame = (a: object, b: object): boolean => canonical(a) === canonical(b);
