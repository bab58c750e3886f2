import { describe, expect, it } from 'vitest';
import { failed } from './failed.js';
import {
  type BridgeContract,
  call,
  having,
  lacks,
  opened,
  partOf,
  postCall,
  said,
  startedBridge,
} from './fixture.js';
import { identified } from './samples.js';

/** Where each conversation has a thread of its own. */
export const describeThreads = (contract: BridgeContract): void => {
  describe('threads', () => {
    const fixture = startedBridge(contract);

    it('opens one thread and writes nothing into it', async () => {
      const { bridge, platform } = fixture();
      expect(bridge.threadless).toBeUndefined();
      const thread = await opened(fixture());
      expect(await platform.threads()).toEqual([thread]);
      expect((await platform.messages(thread)).filter(({ ours }) => ours)).toEqual([]);
    });

    it('opens a thread of its own for every session', async () => {
      const { platform } = fixture();
      const first = await opened(fixture());
      const second = await opened(fixture());
      expect(await platform.threads()).toEqual([first, second]);
    });

    if (!lacks(contract, 'titles')) {
      it('renames a thread, also to the same title', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        await having(bridge, 'titles').rename(thread, identified(), call());
        expect((await platform.thread(thread))?.title).toContain('Ada Lovelace');
        await having(bridge, 'titles').rename(thread, identified(), call());
        expect((await platform.thread(thread))?.title).toContain('Ada Lovelace');
      });
    }

    if (!lacks(contract, 'closing')) {
      it('closes and reopens a thread, also when there is nothing to change', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        await having(bridge, 'closing').reopen(thread, call());
        expect((await platform.thread(thread))?.closed).toBe(false);
        await having(bridge, 'closing').close(thread, call());
        await having(bridge, 'closing').close(thread, call());
        expect((await platform.thread(thread))?.closed).toBe(true);
        await having(bridge, 'closing').reopen(thread, call());
        expect((await platform.thread(thread))?.closed).toBe(false);
        await said(fixture(), thread, 'here again');
        expect((await platform.messages(thread)).at(-1)?.text).toContain('here again');
      });
    }

    it('notices that a thread is gone', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      await said(fixture(), thread, 'hello');
      await platform.removeThread(thread);
      const posting = bridge.post(thread, partOf(fixture(), thread, 'still there?'), postCall());
      await failed(posting, 'thread_gone');
      expect(await platform.threads()).toEqual([]);
    });
  });
};
