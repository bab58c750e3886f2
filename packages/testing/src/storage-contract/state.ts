import type { StateWrite } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { committed } from './story.js';

export const describeState = (contract: StorageContract): void => {
  describe('an entry of state', () => {
    const fixture = freshStorage(contract);
    const commit = async (...state: StateWrite[]) => {
      const { storage, clock } = fixture();
      return storage.commit({ at: clock.now(), state });
    };
    const write = async (...state: StateWrite[]) => committed(await commit(...state));

    it('keeps any JSON, and counts its versions', async () => {
      const { storage } = fixture();
      const values = [{ a: [1, { b: null }], 'c"': 'ü🦊' }, [], 'text', '', 0, 1.5, -1e21, true, false];
      for (const [index, value] of values.entries()) {
        await write({ scope: 'scope', key: 'a', value });
        expect(await storage.state('scope', 'a')).toEqual({
          scope: 'scope',
          key: 'a',
          value,
          version: index + 1,
        });
      }
    });

    it('is told apart by scope and key', async () => {
      const { storage } = fixture();
      await write({ scope: 'a', key: 'bc', value: 1 }, { scope: 'ab', key: 'c', value: 2 });
      expect((await storage.state('a', 'bc'))?.value).toBe(1);
      expect((await storage.state('ab', 'c'))?.value).toBe(2);
      expect(await storage.state('a', 'c')).toBeNull();
      expect(await storage.state('none', 'c')).toBeNull();
    });

    it('is removed by null, and begins anew', async () => {
      const { storage } = fixture();
      await write({ scope: 'scope', key: 'a', value: 1 });
      await write({ scope: 'scope', key: 'a', value: 2 });
      await write({ scope: 'scope', key: 'a', value: null });
      expect(await storage.state('scope', 'a')).toBeNull();
      expect(await storage.states('scope')).toEqual([]);
      await write({ scope: 'scope', key: 'a', value: null });
      await write({ scope: 'scope', key: 'a', value: 3 });
      expect((await storage.state('scope', 'a'))?.version).toBe(1);
    });

    it('is listed with its scope, by key', async () => {
      for (const key of ['b', 'a', 'C', 'ab']) await write({ scope: 'scope', key, value: key });
      await write({ scope: 'other', key: 'z', value: 1 });
      const entries = await fixture().storage.states('scope');
      expect(entries.map(({ key }) => key)).toEqual(['C', 'a', 'ab', 'b']);
      expect(entries[1]).toEqual({ scope: 'scope', key: 'a', value: 'a', version: 1 });
    });

    it('is listed page by page', async () => {
      for (const key of ['b', 'a', 'C', 'ab']) await write({ scope: 'scope', key, value: key });
      const keys = async (page: { after?: string; limit: number }) =>
        (await fixture().storage.states('scope', page)).map(({ key }) => key);
      expect(await keys({ limit: 3 })).toEqual(['C', 'a', 'ab']);
      expect(await keys({ after: 'ab', limit: 3 })).toEqual(['b']);
      expect(await keys({ after: 'aa', limit: 1 })).toEqual(['ab']);
      expect(await keys({ after: 'b', limit: 3 })).toEqual([]);
    });

    it('is written only over the version that was seen', async () => {
      const at = (ifVersion: number, value: string | null) => ({
        scope: 'scope',
        key: 'a',
        value,
        ifVersion,
      });
      expect(await commit(at(1, 'early'))).toEqual({ conflict: 'state' });
      await write(at(0, 'first'));
      expect(await commit(at(0, 'again'))).toEqual({ conflict: 'state' });
      await write(at(1, 'second'));
      expect(await commit(at(1, null))).toEqual({ conflict: 'state' });
      await write(at(2, null));
      expect(await commit(at(2, 'late'))).toEqual({ conflict: 'state' });
      await write(at(0, 'new'));
    });

    it('goes to exactly one of those who race for it', async () => {
      const { storage } = fixture();
      await write({ scope: 'scope', key: 'a', value: 'start' });
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          commit({ scope: 'scope', key: 'a', value: index, ifVersion: 1 }),
        ),
      );
      expect(results.filter(({ conflict }) => conflict === undefined)).toHaveLength(1);
      const winner = results.findIndex(({ conflict }) => conflict === undefined);
      expect(await storage.state('scope', 'a')).toMatchObject({ value: winner, version: 2 });
    });
  });
};
