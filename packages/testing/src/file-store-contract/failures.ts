import { describe, expect, it } from 'vitest';
import { content } from './content.js';
import { anId, expectFile, expectNone, type FileStoreContract, freshStore, keep, PLAIN } from './fixture.js';

export const describeFailures = (contract: FileStoreContract): void => {
  describe('a stream that fails', () => {
    const store = freshStore(contract);
    const failure = new Error('The visitor left.');

    // Beyond any size at which a store begins to send what it has.
    it.each([0, 100_000, 12 * 1024 * 1024])('after %i bytes leaves nothing, and its error', async (size) => {
      const id = anId();
      await expect(store().write(id, content(size, 0, { failure }), PLAIN)).rejects.toBe(failure);
      await expectNone(store(), id);
    });

    it('leaves an earlier file as it was, and lets a later one come', async () => {
      const id = await keep(store(), 5000, 1);
      await expect(store().write(id, content(100_000, 2, { failure }), PLAIN)).rejects.toBe(failure);
      await expectFile(store(), id, 5000, 1);
      await store().write(id, content(7000, 3), PLAIN);
      await expectFile(store(), id, 7000, 3);
    });

    it('is nobody else’s trouble', async () => {
      const ids = Array.from({ length: 20 }, anId);
      const outcomes = await Promise.allSettled(
        ids.map((id, index) =>
          store().write(id, content(100_000, index, index % 2 ? { failure } : {}), PLAIN),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(
        ids.map((_, index) => (index % 2 ? 'rejected' : 'fulfilled')),
      );
      for (const [index, id] of ids.entries()) {
        if (index % 2) await expectNone(store(), id);
        else await expectFile(store(), id, 100_000, index);
      }
    });
  });
};
