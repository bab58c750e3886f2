import type { Conflict, Instant, Message, NewSession, Session, WriteSet } from '@pocketping/core';
import { type Model, type ModelEvent, messageOf, sessionOf } from './rows.js';
import { write } from './write.js';

/** What a commit must come to. A mistake rejects. */
export type Outcome =
  | {
      readonly session: Session | null;
      readonly events: readonly ModelEvent[];
      readonly messages: readonly Message[];
      readonly duplicate: boolean;
    }
  | Conflict
  | 'mistake';

/** Commits to the model. @param now by the storage's clock */
export const commitToModel = (model: Model, set: WriteSet, now: Instant): Outcome => {
  const subject = subjectOf(model, set);
  if (subject === undefined) return { conflict: 'session' };
  if (!isAdmitted(model, set, subject)) return { conflict: 'token' };
  if (isKeptOut(model, set, subject)) return { conflict: 'blocked' };
  const { dedupe } = set;
  const earlier = model.dedupes.find(({ scope, key }) => scope === dedupe?.scope && key === dedupe.key);
  if (earlier) {
    if (earlier.digest !== dedupe?.digest) return { conflict: 'dedupe' };
    return {
      session: (earlier.sessionId !== null && sessionOf(model, earlier.sessionId)) || null,
      events: earlier.events,
      messages: earlier.messageIds.map((id) => messageOf(model, id) as Message),
      duplicate: true,
    };
  }
  const conflict = unmet(model, set, subject, now);
  if (conflict) return { conflict };
  if (contradictsItself(set)) return 'mistake';

  const draft = structuredClone(model);
  const changed = write(draft, set, subject && structuredClone(subject), now);
  if (!changed) return 'mistake';
  if (dedupe) {
    const messageIds = changed.messages.map(({ id }) => id);
    draft.dedupes.push({
      ...dedupe,
      sessionId: changed.session?.id ?? null,
      events: changed.events,
      messageIds,
    });
  }
  Object.assign(model, draft);
  return { ...changed, duplicate: false };
};

/** As it stands, or as it will begin; null for a commit without one, undefined for one that does not exist. */
const subjectOf = (model: Model, { session, at }: WriteSet): Session | null | undefined => {
  if (!session) return null;
  return 'id' in session ? sessionOf(model, session.id) : begun(session.create, at);
};

const begun = (create: NewSession, at: Instant): Session => ({
  ...create,
  status: 'open',
  createdAt: at,
  lastActivityAt: at,
  seq: 0,
  operatorSeq: 0,
  operatorDeliveredSeq: 0,
  operatorReadSeq: 0,
  visitorDeliveredSeq: 0,
  visitorReadSeq: 0,
});

const isAdmitted = (model: Model, { expect }: WriteSet, subject: Session | null): boolean => {
  if (expect?.token === undefined) return true;
  const holder = model.visitors.find(({ tokenHash }) => tokenHash === expect.token);
  return holder !== undefined && (subject === null || holder.id === subject.visitorId);
};

const isKeptOut = (model: Model, { expect }: WriteSet, subject: Session | null): boolean => {
  if (!expect?.notBlocked) return false;
  const visitor = model.visitors.find(({ id, tokenHash }) =>
    subject ? id === subject.visitorId : tokenHash === expect.token,
  );
  return visitor?.blockedAt !== undefined;
};

const unmet = (
  model: Model,
  { expect = {}, state = [], visitor, session }: WriteSet,
  subject: Session | null,
  now: Instant,
): Conflict['conflict'] | undefined => {
  if (expect.seq !== undefined && expect.seq !== subject?.seq) return 'seq';
  if (expect.operatorSeq !== undefined && expect.operatorSeq !== subject?.operatorSeq) return 'operatorSeq';
  if (expect.status !== undefined && expect.status !== subject?.status) return 'status';
  const { fence } = expect;
  const lease = model.leases.find(({ name }) => name === fence?.lease);
  if (fence && !(lease && lease.owner !== null && lease.token === fence.token && lease.until > now))
    return 'fence';
  for (const { scope, key, ifVersion } of state) {
    const entry = model.state.find((each) => each.scope === scope && each.key === key);
    if (ifVersion !== undefined && ifVersion !== (entry?.version ?? 0)) return 'state';
  }
  if (model.visitors.some(({ id, tokenHash }) => id === visitor?.id || tokenHash === visitor?.tokenHash))
    return 'visitor';
  if (session && 'create' in session && sessionOf(model, session.create.id)) return 'session';
  return undefined;
};

/** What is wrong whatever the rows are. A storage may find that before or after anything else it finds. */
export const contradictsItself = ({ session, insert = [], update = [], events = [] }: WriteSet): boolean => {
  if (!session) return insert.length + update.length + events.length > 0;
  const sessionId = 'id' in session ? session.id : session.create.id;
  const brought = events.flatMap((event) => (event.type === 'message' ? [event.messageId] : []));
  const named = [...insert, ...update].map(({ id }) => id);
  return (
    new Set(named).size < named.length ||
    insert.some((message) => message.sessionId !== sessionId || !brought.includes(message.id))
  );
};
