import { describe, expect, it } from 'vitest';
import { content, differenceIn } from './content.js';
import { anId, expectFile, expectNone, type FileStoreContract, freshStore, keep, PLAIN } from './fixture.js';

export const describeFiles = (contract: FileStoreContract): void => {
  describe('a file', () => {
    const store = freshStore(contract);

    it.each([1, 1000, 65_536, 300_001])('of %i bytes is what was written', async (size) => {
      await expectFile(store(), await keep(store(), size), size);
    });

    it('may be empty', async () => {
      const id = await keep(store(), 0);
      await expectFile(store(), id, 0);
    });

    it('may be of a size that nobody knows beforehand', async () => {
      const id = anId();
      await store().write(id, content(100_000), PLAIN);
      await expectFile(store(), id, 100_000);
    });

    it('may come in pieces of any size', async () => {
      const pieces = [0, 1, 2, 0, 70_000, 3].map((size) => new Uint8Array(size).fill(size));
      const id = anId();
      await store().write(id, ReadableStream.from(pieces), PLAIN);
      const whole: number[] = [];
      for await (const chunk of await store().open(id)) whole.push(...chunk);
      expect(whole).toEqual(pieces.flatMap((piece) => [...piece]));
    });

    it('is there while others come and go', async () => {
      const [first, second] = [await keep(store(), 1000, 1), await keep(store(), 2000, 2)];
      await store().remove(first);
      await expectNone(store(), first);
      await expectFile(store(), second, 2000, 2);
    });

    it('that nobody wrote is not found', async () => {
      await expectNone(store(), anId());
    });

    it('is removed once, and again without harm', async () => {
      const id = await keep(store(), 1000);
      await store().remove(id);
      await store().remove(id);
      await store().remove(anId());
      await expectNone(store(), id);
    });

    it('may be written again after it was removed', async () => {
      const id = await keep(store(), 1000, 1);
      await store().remove(id);
      await store().write(id, content(500, 2), PLAIN);
      await expectFile(store(), id, 500, 2);
    });

    it('takes the place of an earlier one, be it smaller or larger', async () => {
      const id = await keep(store(), 100_000, 1);
      await store().write(id, content(10, 2), PLAIN);
      await expectFile(store(), id, 10, 2);
      await store().write(id, content(200_000, 3), PLAIN);
      await expectFile(store(), id, 200_000, 3);
    });

    it('is read by many at once', async () => {
      const id = await keep(store(), 200_000);
      const streams = await Promise.all(Array.from({ length: 10 }, () => store().open(id)));
      const differences = await Promise.all(streams.map((stream) => differenceIn(stream, 200_000)));
      expect(differences).toEqual(Array(10).fill(undefined));
    });

    const { reopen } = contract;
    if (reopen) {
      it('is there for another instance', async () => {
        const id = await keep(store(), 1000);
        const other = await reopen(store());
        await other.init?.();
        await expectFile(other, id, 1000);
        await other.remove(id);
        await expectNone(store(), id);
      });
    }
  });

  describe('what is no id of an attachment', () => {
    const store = freshStore(contract);
    const id = anId();
    const others = [
      '',
      '.',
      '..',
      'att_',
      `../${id}`,
      `${id}/../${id}`,
      `${id}/`,
      `/${id}`,
      `..\\${id}`,
      `${id}\0`,
      `${id}%2e`,
      `${id}?x`,
      id.toUpperCase(),
      id.replace('att_', 'msg_'),
      'a'.repeat(300),
    ];

    it.each(others)('names no file: %j', async (other) => {
      await expectNone(store(), other);
      await store().remove(other);
      let cancelled = false;
      const bytes = content(10, 0, {
        cancelled: () => {
          cancelled = true;
        },
      });
      await expect(store().write(other, bytes, PLAIN)).rejects.toBeInstanceOf(TypeError);
      expect(cancelled).toBe(true);
      await expectNone(store(), other);
    });
  });
};
