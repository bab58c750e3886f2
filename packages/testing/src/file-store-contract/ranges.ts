import { describe, expect, it } from 'vitest';
import { differenceIn } from './content.js';
import { anId, type FileStoreContract, freshStore, keep } from './fixture.js';

export const describeRanges = (contract: FileStoreContract): void => {
  describe('a range', () => {
    const store = freshStore(contract);
    const size = 300_000;

    it.each([
      ['the first byte', 0, 0, 1],
      ['the last byte', size - 1, size - 1, 1],
      ['a part', 65_535, 200_001, 134_467],
      ['the whole', 0, size - 1, size],
      ['what there is of one that goes beyond the end', 299_990, size + 50, 10],
      ['nothing where it begins behind the end', size, size + 50, 0],
    ] as const)('is %s', async (_, first, last, count) => {
      const id = await keep(store(), size, 4);
      const stream = await store().open(id, { first, last });
      expect(await differenceIn(stream, count, 4, { from: first })).toBeUndefined();
    });

    it('of an empty file is nothing', async () => {
      const id = await keep(store(), 0);
      expect(await differenceIn(await store().open(id, { first: 0, last: 9 }), 0)).toBeUndefined();
    });

    it('of no file is not found', async () => {
      await expect(store().open(anId(), { first: 0, last: 9 })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
};
