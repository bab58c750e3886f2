import { describe, expect, it } from 'vitest';
import { type BridgeContract, call, opened, postCall, said, startedBridge } from './fixture.js';
import { card, everyNote, identified } from './samples.js';

export const describeThreads = (contract: BridgeContract): void => {
  describe('threads', () => {
    const fixture = startedBridge(contract);

    it('has a name that storage can keep', () => {
      expect(fixture().bridge.name).toMatch(/^[a-z0-9-]+$/);
    });

    it('opens one thread and writes nothing into it', async () => {
      const { bridge, platform } = fixture();
      const thread = await bridge.open(card(), call());
      expect(await platform.threads()).toEqual([thread]);
      expect((await platform.messages(thread)).filter(({ ours }) => ours)).toEqual([]);
    });

    it('opens a thread of its own for every session', async () => {
      const { bridge, platform } = fixture();
      const first = await bridge.open(card(), call());
      const second = await bridge.open(card({ sessionId: 'sess_other' }), call());
      expect(await platform.threads()).toEqual([first, second]);
    });

    it('renders every kind of note, and the platform takes each part', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      for (const note of everyNote()) {
        const parts = bridge.render(note, card());
        for (const part of parts) await bridge.post(thread, part, postCall());
        if (note.kind !== 'message') continue;
        expect(parts.length).toBeGreaterThan(0);
        expect((await platform.messages(thread)).at(-1)?.text).toContain(note.content);
      }
    });

    it('renames a thread, also to the same title', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.titles) return context.skip('this platform has no titles');
      const thread = await opened(fixture());
      await bridge.titles.rename(thread, identified(), call());
      expect((await platform.thread(thread))?.title).toContain('Ada Lovelace');
      await bridge.titles.rename(thread, identified(), call());
      expect((await platform.thread(thread))?.title).toContain('Ada Lovelace');
    });

    it('closes and reopens a thread, also when there is nothing to change', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.closing) return context.skip('this platform does not close threads');
      const thread = await opened(fixture());
      await bridge.closing.reopen(thread, call());
      expect((await platform.thread(thread))?.closed).toBe(false);
      await bridge.closing.close(thread, call());
      await bridge.closing.close(thread, call());
      expect((await platform.thread(thread))?.closed).toBe(true);
      await bridge.closing.reopen(thread, call());
      expect((await platform.thread(thread))?.closed).toBe(false);
      await said(fixture(), thread, 'here again');
      expect((await platform.messages(thread)).at(-1)?.text).toContain('here again');
    });

    it('shows that somebody types', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.typing) return context.skip('this platform does not show typing');
      const thread = await opened(fixture());
      await bridge.typing.show(thread, call());
      expect((await platform.thread(thread))?.typing).toBe(true);
    });
  });
};
