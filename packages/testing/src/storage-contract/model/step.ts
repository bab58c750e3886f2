import fc from 'fast-check';
import { type Plan, plan } from './plan.js';
import { KEYS, LEASES, MESSAGES, OWNERS, QUEUES, SESSIONS, TOKENS, VISITORS } from './world.js';

/** One call of a storage. Tasks are counted among those that were ever claimed; `mine`: whoever holds it calls. */
export type Act =
  | { readonly do: 'commit'; readonly plan: Plan }
  | {
      readonly do: 'claim';
      readonly queues: readonly string[];
      readonly owner: string;
      readonly leaseMs: number;
      readonly limit: number;
    }
  | { readonly do: 'renew'; readonly task: number; readonly mine: boolean; readonly leaseMs: number }
  | { readonly do: 'done'; readonly task: number; readonly mine: boolean; readonly asClaimed: boolean }
  | {
      readonly do: 'retry';
      readonly task: number;
      readonly mine: boolean;
      readonly delayMs: number;
      readonly error: boolean;
    }
  | { readonly do: 'reclaim'; readonly queue: string; readonly owner: string }
  | { readonly do: 'take'; readonly lease: string; readonly owner: string; readonly ms: number }
  | { readonly do: 'release'; readonly lease: string; readonly owner: string };

/** What happens next. */
export type Step =
  | Act
  /** Several calls at once. */
  | { readonly do: 'together'; readonly acts: readonly Act[] }
  | { readonly do: 'wait'; readonly ms: number }
  /** Closes the storage and opens it again, where its rows outlive it. */
  | { readonly do: 'reopen' };

const owner = fc.constantFrom(...OWNERS);
const lease = fc.constantFrom(...LEASES);
const ms = fc.constantFrom(100, 1000, 3000);
const task = fc.nat(3);
const mine = fc.constantFrom(true, true, true, false);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('commit' as const), plan }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      queues: fc.array(fc.constantFrom(...QUEUES), { maxLength: 3 }),
      owner,
      leaseMs: ms,
      limit: fc.nat(4),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), task, mine, leaseMs: ms }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('done' as const), task, mine, asClaimed: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('retry' as const),
      task,
      mine,
      delayMs: fc.constantFrom(0, 500),
      error: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('reclaim' as const), queue: fc.constantFrom(...QUEUES), owner }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), lease, owner, ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), lease, owner }) },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: act },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('together' as const),
      acts: fc.array(act, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 2000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** What is there before anything random happens: two of the sessions, with a message each. */
export const prelude: readonly Step[] = [0, 1].flatMap((number): Step[] => {
  const [id, visitorId, message] = [SESSIONS[number], VISITORS[number], MESSAGES[number]] as [
    string,
    string,
    string,
  ];
  const actor = { kind: 'visitor', id: visitorId } as const;
  const beginning: Plan = {
    visitor: { id: visitorId, tokenHash: TOKENS[number] as string },
    session: { create: { id, visitorId, metadata: {} } },
    events: [{ type: 'session_started', actor }],
  };
  const sending: Plan = {
    session: { id },
    insert: [{ id: message, sessionId: id, author: actor, audience: 'all', content: 'hello' }],
    events: [{ type: 'message', messageId: message, actor }],
    tasks: [{ queue: QUEUES[0], key: KEYS[number] as string, kind: 'deliver' }],
  };
  return [
    { do: 'commit', plan: beginning },
    { do: 'commit', plan: sending },
  ];
});

/** At the end everything that is left of the tasks comes to light. */
export const coda: readonly Step[] = [
  { do: 'wait', ms: 1_000_000 },
  { do: 'claim', queues: QUEUES, owner: 'auditor', leaseMs: 1000, limit: 100 },
];
