import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';

export const describeLeases = (contract: StorageContract): void => {
  describe('a lease', () => {
    const fixture = freshStorage(contract);
    const take = (owner: string, ms = 1000, name = 'pump') => fixture().storage.lease.take(name, owner, ms);

    it('has one owner', async () => {
      expect(await take('a')).toEqual(expect.any(Number));
      expect(await take('b')).toBeNull();
      expect(await take('b', 1000, 'other')).toEqual(expect.any(Number));
      const racing = await Promise.all(
        Array.from({ length: 20 }, (_, index) => take(`owner ${index}`, 1000, 'raced')),
      );
      expect(racing.filter((token) => token !== null)).toHaveLength(1);
    });

    it('is prolonged under the same token', async () => {
      const { clock } = fixture();
      const token = await take('a');
      await clock.advance(900);
      expect(await take('a')).toBe(token);
      await clock.advance(900);
      expect(await take('b')).toBeNull();
      expect(await take('a')).toBe(token);
    });

    it('ends by the clock of the storage, and goes on under a higher token', async () => {
      const { clock } = fixture();
      const first = (await take('a')) as number;
      await clock.advance(999);
      expect(await take('b')).toBeNull();
      await clock.advance(1);
      const second = (await take('b')) as number;
      expect(second).toBeGreaterThan(first);
      expect(await take('a')).toBeNull();
      await clock.advance(1000);
      expect((await take('a')) as number).toBeGreaterThan(second);
    });

    it('is given up by its owner only', async () => {
      const { storage } = fixture();
      const first = (await take('a')) as number;
      await storage.lease.release('pump', 'b');
      expect(await take('b')).toBeNull();
      await storage.lease.release('pump', 'a');
      await storage.lease.release('pump', 'a');
      await storage.lease.release('unknown', 'a');
      expect((await take('b')) as number).toBeGreaterThan(first);
      await storage.lease.release('pump', 'a');
      expect(await take('a')).toBeNull();
    });
  });
};
