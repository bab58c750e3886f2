import type { Conflict, WriteSet } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract, type StorageFixture } from './fixture.js';
import { type Begun, begin, committed, operator, picture, sending } from './story.js';

export const describeAtomicity = (contract: StorageContract): void => {
  describe('a commit that fails', () => {
    const fixture = freshStorage(contract);

    it.each(conflicts)('leaves nothing behind: conflict on %s', async (conflict, spoil) => {
      const { storage, clock } = fixture();
      const begun = await furnished(fixture());
      const before = await picture(storage, begun);
      const write = everything(begun, clock.now());
      const result = await storage.commit({ ...write, ...spoil(write, begun) });
      expect(result).toEqual({ conflict });
      expect(await picture(storage, begun)).toEqual(before);
      expect(await storage.message(write.insert[0].id)).toBeNull();
      expect(await storage.visitor({ id: 'vis_extra' })).toBeNull();
      expect(committed(await storage.commit(write)).duplicate).toBe(false);
    });

    it.each(mistakes)('leaves nothing behind: %s, which rejects', async (_, spoil) => {
      const { storage, clock } = fixture();
      const begun = await furnished(fixture());
      const before = await picture(storage, begun);
      const write = everything(begun, clock.now());
      await expect(storage.commit({ ...write, ...spoil(write) })).rejects.toThrow();
      expect(await picture(storage, begun)).toEqual(before);
      expect(await storage.message(write.insert[0].id)).toBeNull();
      expect(committed(await storage.commit(write)).duplicate).toBe(false);
    });
  });
};

/** A session with a message, a thread, a link, a task and an entry of state. */
const furnished = async (fixture: StorageFixture): Promise<Begun> => {
  const begun = await begin(fixture);
  const { storage, clock } = fixture;
  const at = clock.now();
  const thread = { bridge: 'support', chatId: 'chat', threadId: begun.sessionId };
  committed(
    await storage.commit({
      ...sending(begun, at, { id: `msg_of_${begun.sessionId}` }),
      threads: [{ ...thread, open: { sessionId: begun.sessionId } }],
      links: [link(begun, '1')],
      tasks: [{ queue: 'queue', key: 'waits', kind: 'deliver', runAt: at + 1e6 }],
      state: [{ scope: 'scope', key: 'known', value: { a: 1 } }],
      dedupe: { scope: begun.sessionId, key: 'furnished', digest: 'furnished' },
    }),
  );
  return begun;
};

const link = ({ sessionId }: Begun, platformId: string) =>
  ({
    bridge: 'support',
    chatId: 'chat',
    platformId,
    threadId: '7',
    sessionId,
    messageId: `msg_of_${sessionId}`,
    part: 0,
    direction: 'out',
    version: 1,
  }) as const;

/** A write set with one of everything. */
const everything = (begun: Begun, at: number) => {
  const { sessionId } = begun;
  const write = sending(begun, at);
  return {
    ...write,
    session: {
      id: sessionId,
      patch: { status: 'closed', metadata: { url: 'https://other.example/' }, reachedAt: at },
      advance: { visitorReadSeq: 2, operatorDeliveredSeq: 2 },
    },
    visitor: { id: 'vis_extra', tokenHash: 'hash_extra' },
    update: [{ id: `msg_of_${sessionId}`, patch: { content: 'changed', editedAt: at } }],
    threads: [
      { bridge: 'support', chatId: 'chat', threadId: sessionId, patch: { deliveredSeq: 2, retiredAt: at } },
      { bridge: 'support', chatId: 'chat', threadId: `${sessionId}-2`, open: { sessionId } },
    ],
    links: [link(begun, '2')],
    unlink: [{ bridge: 'support', chatId: 'chat', platformId: '1' }],
    tasks: [
      { queue: 'queue', key: 'new', kind: 'deliver' },
      { queue: 'queue', key: 'newer', kind: 'deliver' },
    ],
    cancel: [{ queue: 'queue', key: 'waits' }],
    state: [
      { scope: 'scope', key: 'known', value: null },
      { scope: 'scope', key: 'new', value: [1] },
    ],
    dedupe: { scope: sessionId, key: 'everything', digest: 'everything' },
  } satisfies WriteSet;
};

type Everything = ReturnType<typeof everything>;

const conflicts: [Conflict['conflict'], (write: Everything, begun: Begun) => Partial<WriteSet>][] = [
  ['session', ({ session }) => ({ session: { ...session, id: 'sess_unknown' } })],
  ['token', () => ({ expect: { token: 'hash_unknown' } })],
  ['dedupe', ({ dedupe }) => ({ dedupe: { ...dedupe, key: 'furnished' } })],
  ['seq', () => ({ expect: { seq: 1 } })],
  ['operatorSeq', () => ({ expect: { operatorSeq: 2 } })],
  ['status', () => ({ expect: { status: 'ended' } })],
  ['fence', () => ({ expect: { fence: { lease: 'nobody has it', token: 1 } } })],
  ['state', ({ state }) => ({ state: [...state, { scope: 'scope', key: 'third', value: 1, ifVersion: 1 }] })],
  ['visitor', (_, { visitorId }) => ({ visitor: { id: visitorId, tokenHash: 'hash_extra' } })],
];

const mistakes: [string, (write: Everything) => Partial<WriteSet>][] = [
  ['a message without its event', () => ({ events: [{ type: 'identified', actor: operator }] })],
  [
    'a message of another session',
    ({ insert: [message] }) => ({ insert: [{ ...message, sessionId: 'other' }] }),
  ],
  ['a patch of an unknown message', ({ update }) => ({ update: [...update, { id: 'msg_none', patch: {} }] })],
  [
    'a patch of an unknown thread',
    ({ threads }) => ({
      threads: [
        ...threads,
        { bridge: 'support', chatId: 'chat', threadId: 'none', patch: { deliveredSeq: 1 } },
      ],
    }),
  ],
  [
    'a thread of an unknown session',
    ({ threads }) => ({
      threads: [...threads, { bridge: 'b', chatId: 'c', threadId: 't', open: { sessionId: 'sess_none' } }],
    }),
  ],
  ['events without a session', () => ({ session: undefined as never, insert: [], update: [] })],
];
