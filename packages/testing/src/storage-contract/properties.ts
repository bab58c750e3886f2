import type { StoragePort } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract, type StorageFixture } from './fixture.js';
import { type Begun, begin, committed, sending } from './story.js';

/** What somebody does to one of a few sessions. */
type Step =
  | { readonly do: 'send'; readonly session: number; readonly key: number; readonly digest: string }
  | { readonly do: 'edit'; readonly session: number; readonly message: number }
  | { readonly do: 'read'; readonly session: number; readonly upTo: number };

const session = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      session,
      key: fc.nat(15),
      digest: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), session, message: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), session, upTo: fc.nat(60) }) },
);

/** What a session must have come to. */
interface Expected {
  readonly sent: Map<number, { digest: string; id: string }>;
  readonly versions: Map<string, number>;
  seq: number;
  read: number;
}

export const describeProperties = (contract: StorageContract): void => {
  describe('any sequence of commits', () => {
    const fixture = freshStorage(contract);

    it('leaves a gapless log, every message once, and every version counted', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, atOnce) => {
          const begun = [await begin(fixture()), await begin(fixture()), await begin(fixture())];
          const expected = begun.map(
            (): Expected => ({ sent: new Map(), versions: new Map(), seq: 1, read: 0 }),
          );
          const running: Promise<void>[] = [];
          for (const each of steps) {
            const one = take(
              fixture(),
              begun[each.session] as Begun,
              expected[each.session] as Expected,
              each,
            );
            if (atOnce && each.do !== 'edit') running.push(one);
            else await one;
          }
          await Promise.all(running);
          for (const [index, each] of begun.entries()) {
            await compare(fixture().storage, each, expected[index] as Expected);
          }
        }),
        { numRuns: 30 },
      );
    });
  });
};

const take = async (fixture: StorageFixture, begun: Begun, expected: Expected, step: Step): Promise<void> => {
  const { storage, clock } = fixture;
  const at = clock.now();
  const id = begun.sessionId;
  switch (step.do) {
    case 'send': {
      const earlier = expected.sent.get(step.key);
      const write = sending(begun, at, { content: step.digest });
      if (!earlier) {
        expected.sent.set(step.key, { digest: step.digest, id: write.insert[0].id });
        expected.versions.set(write.insert[0].id, 1);
        expected.seq++;
      }
      const dedupe = { scope: id, key: String(step.key), digest: step.digest };
      const result = await storage.commit({ ...write, dedupe });
      if (earlier && earlier.digest !== step.digest) {
        expect(result).toEqual({ conflict: 'dedupe' });
      } else {
        const { duplicate, messages } = committed(result);
        expect(duplicate).toBe(earlier !== undefined);
        expect(messages[0]?.id).toBe(earlier?.id ?? write.insert[0].id);
      }
      return;
    }
    case 'edit': {
      const messages = await storage.messages(id, { limit: 100 });
      const message = messages[step.message % messages.length];
      if (!message) return;
      const patch = { content: `${message.content}!`, editedAt: at };
      expected.versions.set(message.id, (expected.versions.get(message.id) ?? 0) + 1);
      expected.seq++;
      const result = committed(
        await storage.commit({
          at,
          session: { id },
          update: [{ id: message.id, patch }],
          events: [{ type: 'message_edited', messageId: message.id, actor: begun.visitor }],
          expect: { seq: (await storage.session(id))?.seq ?? -1 },
        }),
      );
      expect(result.messages[0]?.version).toBe(message.version + 1);
      return;
    }
    case 'read':
      expected.read = Math.max(expected.read, step.upTo);
      committed(await storage.commit({ at, session: { id, advance: { visitorReadSeq: step.upTo } } }));
  }
};

const compare = async (storage: StoragePort, { sessionId }: Begun, expected: Expected): Promise<void> => {
  expect(await storage.session(sessionId)).toMatchObject({
    seq: expected.seq,
    visitorReadSeq: expected.read,
  });
  const entries = await storage.events(sessionId, { after: 0, limit: 1000 });
  expect(entries.map(({ event }) => event.seq)).toEqual(
    Array.from({ length: expected.seq }, (_, index) => index + 1),
  );
  const messages = await storage.messages(sessionId, { limit: 1000 });
  expect(new Map(messages.map(({ id, version }) => [id, version]))).toEqual(expected.versions);
  for (const message of messages) {
    const entry = entries[message.seq - 1];
    expect(entry).toMatchObject({ event: { type: 'message', messageId: message.id }, message });
  }
};
