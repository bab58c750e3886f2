import type { MessageRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
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

export const describePosting = (contract: BridgeContract): void => {
  describe('posting', () => {
    const fixture = startedBridge(contract);

    it('shows a message once, in its own thread', async () => {
      const { bridge, platform } = fixture();
      const elsewhere = await opened(fixture());
      const thread = await opened(fixture());
      const posted = await bridge.post(thread, partOf(fixture(), thread, 'hello'), postCall());
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
      expect(seen).toHaveLength(1);
      expect(seen[0]?.text).toContain('hello');
      expect(posted).toMatchObject({ chatId: thread.chatId, threadId: thread.threadId });
      if (bridge.editing || !contract.sendOnly) expect(seen[0]?.ref.platformId).toBe(posted.platformId);
      expect((await platform.messages(elsewhere)).filter(({ ours }) => ours)).toEqual([]);
    });

    it('shows the same without markup', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      await bridge.post(thread, partOf(fixture(), thread, '<b>hello</b> *there*'), postCall({ plain: true }));
      expect((await platform.messages(thread)).at(-1)?.text).toContain('<b>hello</b> *there*');
    });

    it('keeps the order in which it was told', async () => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      for (const content of ['one', 'two', 'three']) await said(fixture(), thread, content);
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
      expect(seen.map(({ text }) => ['one', 'two', 'three'].find((word) => text.includes(word)))).toEqual([
        'one',
        'two',
        'three',
      ]);
    });

    if (!lacks(contract, 'editing')) {
      it('edits what it posted, also to the same text, also without markup', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        const [posted] = await said(fixture(), thread, 'frist');
        for (const [content, plain] of [
          ['first', false],
          ['first', false],
          ['<last>', true],
        ] as const) {
          await having(bridge, 'editing').edit(posted as MessageRef, partOf(fixture(), thread, content), {
            ...call(),
            plain,
          });
          const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
          expect(seen).toHaveLength(1);
          expect(seen[0]?.text).toContain(content);
        }
      });
    }

    if (!lacks(contract, 'editing')) {
      it('removes what it posted', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        const [posted] = await said(fixture(), thread, 'secret');
        await said(fixture(), thread, 'public');
        await having(bridge, 'editing').remove(posted as MessageRef, call());
        const texts = (await platform.messages(thread)).filter(({ ours }) => ours).map(({ text }) => text);
        expect(texts.join()).not.toContain('secret');
        expect(texts.join()).toContain('public');
      });
    }
  });
};
