import type { MessageRef, SessionCard } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import {
  type BridgeContract,
  call,
  conversation,
  opened,
  partOf,
  postCall,
  said,
  startedBridge,
} from './fixture.js';
import { message } from './samples.js';

/** A message answers another one, and somebody is told something. */
export const describeReplies = (contract: BridgeContract): void => {
  describe('replies', () => {
    if (contract.quotes || contract.sendOnly) describeQuotes(contract);
    else describeNativeReplies(contract);
    if (!contract.sendOnly) describeAnswers(contract);
  });
};

const describeNativeReplies = (contract: BridgeContract): void => {
  const fixture = startedBridge(contract);

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
};

const describeQuotes = (contract: BridgeContract): void => {
  const fixture = startedBridge(contract);

  it.each([false, true])(
    'quotes what a message answers, also where the engine knows its post: %s',
    async (native) => {
      const { bridge, platform, cards } = fixture();
      const thread = await opened(fixture());
      const [first] = await said(fixture(), thread, 'first');
      const { author } = message('');
      const note = { ...message('and an answer'), replyTo: { author, content: 'Is <it> *this*?', native } };
      const [part] = bridge.render(note, cards.get(thread.threadId) as SessionCard);
      for (const plain of [false, true]) {
        const options = { plain, ...(native && { replyTo: first as MessageRef }) };
        await bridge.post(thread, part as NonNullable<typeof part>, postCall(options));
        const seen = (await platform.messages(thread)).at(-1);
        expect(seen?.text).toContain('and an answer');
        expect(seen?.text).toContain('Is <it> *this*?');
        expect(seen?.replyTo).toBeUndefined();
      }
    },
  );
};

const describeAnswers = (contract: BridgeContract): void => {
  const fixture = startedBridge(contract);

  it('answers where somebody wrote', async () => {
    const { bridge, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, 'hello?');
    await bridge.answer(written, 'Nobody <hears> you *here*', call());
    const last = (await platform.messages(thread)).at(-1);
    expect(last?.ours).toBe(true);
    if (!contract.quotes) expect(last?.replyTo).toBe(written.platformId);
    expect(last?.text).toContain('Nobody <hears> you *here*');
  });
};
