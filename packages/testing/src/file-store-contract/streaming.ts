import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { content, differenceIn } from './content.js';
import { anId, expectFile, type FileStoreContract, freshStore, keep, PLAIN } from './fixture.js';

const MIB = 1024 * 1024;

export const describeStreaming = (contract: FileStoreContract): void => {
  describe('streaming', () => {
    const store = freshStore(contract);

    it(`keeps a large file ${contract.inMemory ? 'once' : 'out of memory'}, on its way in and out`, async () => {
      const size = 64 * MIB;
      const id = anId();
      const memory = memoryWatch(4 * MIB);
      await store().write(id, content(size, 0, memory), PLAIN);
      expect(await differenceIn(await store().open(id), size, 0, memory)).toBeUndefined();
      expect(memory.risenBy()).toBeLessThan(contract.inMemory ? 3 * size : 32 * MIB);
    }, 60_000);

    it('reads no faster than it is read', async () => {
      const id = await keep(store(), 64 * MIB);
      const memory = memoryWatch(1);
      const reader = (await store().open(id)).getReader();
      expect((await reader.read()).done).toBe(false);
      // Long enough for a store that reads on by itself to have read much more.
      for (let look = 0; look < 5; look++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await memory.progress(look);
      }
      expect(memory.risenBy()).toBeLessThan(16 * MIB);
      await reader.cancel();
    }, 60_000);

    it('ends where its reader has had enough', async () => {
      const id = await keep(store(), 10 * MIB);
      for (let round = 0; round < 100; round++) {
        const reader = (await store().open(id)).getReader();
        if (round % 2) await reader.read();
        await reader.cancel();
      }
      await expectFile(store(), id, 10 * MIB);
      await store().remove(id);
    }, 60_000);

    it('goes on for a hundred files at once', async () => {
      const size = 50_000;
      const ids = await Promise.all(Array.from({ length: 100 }, (_, seed) => keep(store(), size, seed)));
      const streams = await Promise.all(ids.map((id) => store().open(id)));
      const differences = await Promise.all(streams.map((stream, seed) => differenceIn(stream, size, seed)));
      expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
      await Promise.all(ids.map((id) => store().remove(id)));
      expect(await Promise.all(ids.map((id) => store().size(id)))).toEqual(ids.map(() => null));
    }, 60_000);

    it('of two files with one id leaves one of them, and all of that', async () => {
      const id = anId();
      await Promise.all([1, 2].map((seed) => store().write(id, content(seed * 200_000, seed), PLAIN)));
      const size = (await store().size(id)) as number;
      expect([200_000, 400_000]).toContain(size);
      await expectFile(store(), id, size, size / 200_000);
    });
  });
};

/** How far the memory that buffers hold rises above what it is now; looked at each `everyBytes`, once what is garbage is gone. */
const memoryWatch = (everyBytes: number) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  let highest = before;
  let step = -1;
  return {
    progress: async (bytes: number) => {
      if (Math.floor(bytes / everyBytes) === step) return;
      step = Math.floor(bytes / everyBytes);
      highest = Math.max(highest, held());
    },
    risenBy: () => highest - before,
  };
};
