import type {
  Actor,
  Identity,
  Json,
  LinkKey,
  MessageLink,
  MessagePatch,
  NewEvent,
  NewMessage,
  NewTask,
  SessionChange,
  StateWrite,
  ThreadWrite,
  WriteSet,
} from '@pocketping/core';
import fc from 'fast-check';
import {
  BRIDGES,
  CHATS,
  KEYS,
  LEASES,
  MESSAGES,
  POSTS,
  QUEUES,
  SCOPES,
  SESSIONS,
  THREADS,
  TOKENS,
  VISITORS,
} from './world.js';

/** A write set before it is known what stands in the storage. */
export interface Plan extends Omit<WriteSet, 'at' | 'expect' | 'tasks'> {
  /** Whether an expectation holds, as far as that can be said when the commit begins. */
  readonly expect?: {
    readonly token?: string;
    readonly notBlocked?: true;
    readonly seq?: boolean;
    readonly operatorSeq?: boolean;
    readonly status?: 'open' | 'closed' | 'ended';
    readonly fence?: { readonly lease: string; readonly holds: boolean };
  };
  /** When a task runs is said from the moment of the commit on. */
  readonly tasks?: readonly (NewTask & { readonly inMs?: number })[];
}

/** An object with some of these properties; each stands in one of `rarity` objects. */
const some = <T extends object>(
  rarity: number,
  properties: { [Key in keyof T]?: fc.Arbitrary<Exclude<T[Key], undefined>> },
): fc.Arbitrary<T> => {
  const entries = Object.entries(properties as Record<string, fc.Arbitrary<unknown>>).map(([key, value]) =>
    fc.oneof(
      { weight: rarity - 1, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: value.map((each) => [[key, each] as const]) },
    ),
  );
  return fc.tuple(...entries).map((found) => Object.fromEntries(found.flat()) as T);
};

const of = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const few = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 1, maxLength: 3 });
const text = fc.oneof(of(['hello', '']), fc.string({ unit: 'grapheme', maxLength: 20 }));
const json: fc.Arbitrary<Json> = fc.oneof(of<Json>([1, 'x', true, null, { a: [1, null] }, []]), text);
const instant = fc.nat(5000).map((ms) => 1.7e12 + ms);
const seq = fc.nat(12);
const actor: fc.Arbitrary<Actor> = of<Actor>([
  { kind: 'visitor', id: 'vis_0' },
  { kind: 'operator', id: '42', name: 'Grace', via: 'support' },
  { kind: 'system', id: 'clock' },
]);
const audience = of(['all', 'team'] as const);
const status = of(['open', 'closed', 'ended'] as const);
const url = of(['https://shop.example/', 'https://shop.example/?q=ä'] as const);
const metadata = some<{ url: string; ip: string }>(2, { url, ip: fc.constant('203.0.113.7') });
const identity: fc.Arbitrary<Identity> = fc
  .boolean()
  .map((verified) => ({ id: 'user 1', name: 'Ada', verified }));

const session = of(SESSIONS);
const message = of(MESSAGES);
const place = { bridge: of(BRIDGES), chatId: of(CHATS) };
const post: fc.Arbitrary<LinkKey> = fc.record({ ...place, platformId: of(POSTS) });

const event: fc.Arbitrary<NewEvent> = fc
  .tuple(
    fc.oneof(
      of(['session_closed', 'session_reopened', 'identified'] as const).map((type) => ({ type })),
      fc.record({ type: of(['message', 'message_edited', 'message_deleted'] as const), messageId: message }),
      fc.record({
        type: fc.constant('read' as const),
        data: fc.record({
          by: fc.constant('visitor' as const),
          status: fc.constant('read' as const),
          upTo: seq,
        }),
      }),
    ),
    actor,
    some<Pick<NewEvent, 'audience' | 'origin' | 'marks'>>(4, {
      audience,
      origin: of(BRIDGES),
      marks: fc.constant('operator'),
    }),
  )
  .map(([body, by, rest]) => ({ ...body, actor: by, ...rest }) as NewEvent);

const change: fc.Arbitrary<SessionChange> = fc
  .tuple(
    session,
    some<Omit<SessionChange, 'id'>>(3, {
      patch: some(3, { status, metadata, identity, reachedAt: instant }),
      advance: some(3, {
        operatorDeliveredSeq: seq,
        operatorReadSeq: seq,
        visitorDeliveredSeq: seq,
        visitorReadSeq: seq,
      }),
    }),
  )
  .map(([id, rest]) => ({ id, ...rest }));

const newMessage = (sessionId: string, id: string): fc.Arbitrary<NewMessage> =>
  fc
    .tuple(
      fc.record({ author: actor, audience, content: text }),
      some<Pick<NewMessage, 'replyTo' | 'clientMessageId'>>(3, { replyTo: message, clientMessageId: text }),
    )
    .map(([body, rest]) => ({ id, sessionId, ...body, ...rest }));

const patch = some<MessagePatch>(2, { content: text, editedAt: instant, deletedAt: instant });

const thread: fc.Arbitrary<ThreadWrite> = fc
  .tuple(
    fc.record({ ...place, threadId: of(THREADS) }),
    fc.oneof(
      session.map((sessionId) => ({ open: { sessionId } })),
      some<{ deliveredSeq: number; retiredAt: number }>(2, { deliveredSeq: seq, retiredAt: instant }).map(
        (each) => ({ patch: each }),
      ),
    ),
  )
  .map(([key, write]) => ({ ...key, ...write }));

const link: fc.Arbitrary<MessageLink> = fc.record({
  ...place,
  platformId: of(POSTS),
  threadId: of(THREADS),
  sessionId: session,
  messageId: fc.oneof(message, fc.constant('' as const)),
  part: fc.nat(1),
  direction: of(['in', 'out'] as const),
  version: fc.nat(3),
});

const taskKey = fc.record({ queue: of(QUEUES), key: of(KEYS) });
const task = fc
  .tuple(
    taskKey,
    of(['deliver', 'other']),
    some<{ sessionId: string; payload: Json; inMs: number }>(2, {
      sessionId: session,
      payload: json,
      inMs: fc.integer({ min: -500, max: 1500 }),
    }),
  )
  .map(([key, kind, rest]) => ({ ...key, kind, ...rest }));

const state: fc.Arbitrary<StateWrite> = fc
  .tuple(
    fc.record({ scope: of(SCOPES), key: of(KEYS), value: json }),
    some<{ ifVersion: number }>(3, { ifVersion: fc.nat(2) }),
  )
  .map(([entry, rest]) => ({ ...entry, ...rest }));

const dedupe = fc.record({ scope: of(SCOPES), key: of(KEYS), digest: of(['x', 'x', 'y']) });

const expectation = some<NonNullable<Plan['expect']>>(5, {
  token: of(TOKENS),
  notBlocked: fc.constant(true),
  seq: fc.boolean(),
  operatorSeq: fc.boolean(),
  status,
  fence: fc.record({ lease: of(LEASES), holds: fc.boolean() }),
});

const bookkeeping = {
  block: fc.record({ visitorId: of(VISITORS), blocked: fc.boolean() }),
  threads: few(thread),
  links: few(link),
  unlink: few(post),
  tasks: few(task),
  cancel: few(taskKey),
  state: few(state),
  dedupe,
  expect: expectation,
};

/** Several things at once that get on with each other, mostly. */
const extras = some<Plan>(4, bookkeeping);

/** A visitor comes. The token, the visitor and the session have the same number, mostly. */
const beginning: fc.Arbitrary<Plan> = fc
  .tuple(fc.nat(2), fc.nat(5), some<{ identity: Identity }>(3, { identity }), metadata, actor, extras)
  .map(([one, other, rest, about, by, more]) => {
    const visitorId = VISITORS[other] ?? (VISITORS[one] as string);
    return {
      ...more,
      ...(other > 3 ? {} : { visitor: { id: visitorId, tokenHash: TOKENS[one] as string } }),
      session: { create: { id: SESSIONS[one] as string, visitorId, metadata: about, ...rest } },
      events: [{ type: 'session_started', actor: by }],
    } satisfies Plan;
  });

/** Somebody writes one message or two, each with its event. */
const sending: fc.Arbitrary<Plan> = fc
  .tuple(change, fc.array(message, { minLength: 1, maxLength: 2 }), fc.array(event, { maxLength: 1 }), extras)
  .chain(([target, ids, others, more]) =>
    fc.tuple(...ids.map((id) => newMessage(target.id, id))).map(
      (insert): Plan => ({
        ...more,
        session: target,
        insert,
        events: [
          ...others,
          ...insert.map(({ id, author }): NewEvent => ({ type: 'message', messageId: id, actor: author })),
        ],
      }),
    ),
  );

/** A message changes. */
const editing: fc.Arbitrary<Plan> = fc
  .tuple(change, message, patch, actor, extras)
  .map(([target, id, how, by, more]) => ({
    ...more,
    session: target,
    update: [{ id, patch: how }],
    events: [{ type: 'message_edited', messageId: id, actor: by }],
  }));

/** Whatever one may write, whether it makes sense or not. */
const anything = some<Plan>(3, {
  ...bookkeeping,
  session: change,
  visitor: fc.record({ id: of(VISITORS), tokenHash: of(TOKENS) }),
  insert: few(fc.tuple(session, message).chain(([sessionId, id]) => newMessage(sessionId, id))),
  update: few(fc.record({ id: message, patch })),
  events: few(event),
});

export const plan: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: beginning },
  { weight: 5, arbitrary: sending },
  { weight: 3, arbitrary: editing },
  { weight: 2, arbitrary: extras },
  { weight: 3, arbitrary: anything },
);
