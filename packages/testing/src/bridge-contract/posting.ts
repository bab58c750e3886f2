import type { MessageRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  conversation,
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
      expect(seen[0]?.ref.platformId).toBe(posted.platformId);
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

    if (!contract.sendOnly) describeAnswers(fixture);

    it('posts plainly when what it answers is gone', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      const [first] = await said(fixture(), thread, 'question');
      await platform.remove(first as MessageRef);
      await bridge.post(
        thread,
        partOf(fixture(), thread, 'answer'),
        postCall({ replyTo: first as MessageRef }),
      );
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
      expect(seen).toHaveLength(1);
      expect(seen[0]?.text).toContain('answer');
      expect(seen[0]?.replyTo).toBeUndefined();
    });

    it('edits what it posted, also to the same text, also without markup', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.editing) return context.skip('this platform lets nobody edit');
      const thread = await opened(fixture());
      const [posted] = await said(fixture(), thread, 'frist');
      for (const [content, plain] of [
        ['first', false],
        ['first', false],
        ['<last>', true],
      ] as const) {
        await bridge.editing.edit(posted as MessageRef, partOf(fixture(), thread, content), {
          ...call(),
          plain,
        });
        const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
        expect(seen).toHaveLength(1);
        expect(seen[0]?.text).toContain(content);
      }
    });

    it('removes what it posted', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.editing) return context.skip('this platform lets nobody delete');
      const thread = await opened(fixture());
      const [posted] = await said(fixture(), thread, 'secret');
      await said(fixture(), thread, 'public');
      await bridge.editing.remove(posted as MessageRef, call());
      const texts = (await platform.messages(thread)).filter(({ ours }) => ours).map(({ text }) => text);
      expect(texts.join()).not.toContain('secret');
      expect(texts.join()).toContain('public');
    });
  });
};

/** To what was said there, which takes a bridge that hears it. */
const describeAnswers = (fixture: () => BridgeFixture): void => {
  it('answers a message natively', async () => {
    const { bridge, platform } = fixture();
    const thread = await opened(fixture());
    const [first] = await said(fixture(), thread, 'question');
    await bridge.post(
      thread,
      partOf(fixture(), thread, 'answer'),
      postCall({ replyTo: first as MessageRef }),
    );
    expect((await platform.messages(thread)).at(-1)?.replyTo).toBe(first?.platformId);
  });

  it('answers what an operator wrote natively', async () => {
    const { bridge, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, 'How can I help?');
    await bridge.post(thread, partOf(fixture(), thread, 'like this'), postCall({ replyTo: written }));
    expect((await platform.messages(thread)).at(-1)?.replyTo).toBe(written.platformId);
  });

  it('answers where somebody wrote', async () => {
    const { bridge, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, 'hello?');
    await bridge.answer(written, 'Nobody <hears> you *here*', call());
    const last = (await platform.messages(thread)).at(-1);
    expect(last).toMatchObject({ ours: true, replyTo: written.platformId });
    expect(last?.text).toContain('Nobody <hears> you *here*');
  });
};
