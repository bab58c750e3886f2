import type { MessageRef } from '@pocketping/core';
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

export const describeFailures = (contract: BridgeContract): void => {
  describe('failures', () => {
    const fixture = startedBridge(contract);

    it('tells for how long to wait, and posts nothing', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      await platform.fail({ kind: 'rate_limited', retryAfterMs: 7000 });
      const error = await failed(
        bridge.post(thread, partOf(fixture(), thread, 'hello'), postCall()),
        'rate_limited',
      );
      expect(error.retryAfterMs).toBe(7000);
      expect((await platform.messages(thread)).filter(({ ours }) => ours)).toEqual([]);
    });

    it.each(['unavailable', 'unauthorized', 'invalid'] as const)(
      'says %s, posts nothing, and works again',
      async (kind) => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        await platform.fail({ kind });
        const error = await failed(bridge.post(thread, partOf(fixture(), thread, 'hello'), postCall()), kind);
        expect(error.message.length).toBeGreaterThan(10);
        expect((await platform.messages(thread)).filter(({ ours }) => ours)).toEqual([]);
        await bridge.post(thread, partOf(fixture(), thread, 'hello'), postCall());
        expect((await platform.messages(thread)).filter(({ ours }) => ours)).toHaveLength(1);
      },
    );

    it('says uncertain when the answer is lost, and does not post again by itself', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      await platform.fail({ kind: 'uncertain' });
      const { nonce } = postCall();
      await failed(bridge.post(thread, partOf(fixture(), thread, 'hello'), postCall({ nonce })), 'uncertain');
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
      expect(seen).toHaveLength(1);
      if (!bridge.reconcile) return;
      const found = await bridge.reconcile.posted(thread, nonce, call());
      expect(found?.platformId).toBe(seen[0]?.ref.platformId);
      expect(await bridge.reconcile.posted(thread, 'never posted', call())).toBeNull();
    });

    it('ends a call when its signal is aborted', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      await platform.fail({ kind: 'silent' });
      const deadline = new AbortController();
      const posting = bridge.post(
        thread,
        partOf(fixture(), thread, 'hello'),
        postCall({ signal: deadline.signal }),
      );
      const failure = failed(posting, 'uncertain');
      setTimeout(() => deadline.abort(), 50);
      await failure;
    });

    it('begins nothing when the signal is aborted already', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      const posting = bridge.post(
        thread,
        partOf(fixture(), thread, 'hello'),
        postCall({ signal: AbortSignal.abort() }),
      );
      await failed(posting, 'unavailable');
      expect((await platform.messages(thread)).filter(({ ours }) => ours)).toEqual([]);
    });

    if (!lacks(contract, 'editing')) {
      it('notices that a message is gone', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        const [posted] = (await said(fixture(), thread, 'hello')) as [MessageRef];
        await platform.remove(posted);
        await failed(
          having(bridge, 'editing').edit(posted, partOf(fixture(), thread, 'changed'), {
            ...call(),
            plain: false,
          }),
          'message_gone',
        );
        await failed(having(bridge, 'editing').remove(posted, call()), 'message_gone');
      });
    }
  });
};
