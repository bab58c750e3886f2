import type { Bridge, MessageRef, Part, SessionCard, ThreadRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { failed } from './failed.js';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  conversation,
  postCall,
  startedBridge,
} from './fixture.js';
import { message, operator } from './samples.js';

/** How far a message has come, for platforms that can show it. */
export const describeReceipts = (contract: BridgeContract): void => {
  describe('receipts', () => {
    const fixture = startedBridge(contract);
    const receipts = () => fixture().bridge.receipts as NonNullable<Bridge['receipts']>;

    it('stand beside a post, as far as the platform tells arrived and read apart, also twice', async () => {
      const { mark } = receipts();
      const { thread } = await conversation(fixture());
      const posted = await fromElsewhere(fixture(), thread);
      const shown = async () => (await fixture().platform.messages(thread)).at(-1)?.receipt;
      expect(await shown()).toBeUndefined();
      for (const _ of [1, 2]) {
        await mark(posted, 'delivered', call());
        expect([undefined, 'delivered']).toContain(await shown());
      }
      for (const _ of [1, 2]) {
        await mark(posted, 'read', call());
        expect(await shown()).toBe('read');
      }
    });

    it('stand beside what an operator wrote, and are nothing that the team said', async () => {
      const { mark } = receipts();
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const written = await platform.write(thread, 'How can I help?');
      await host.next();
      await mark(written, 'read', call());
      const seen = await platform.messages(thread);
      expect(seen.find(({ ref }) => ref.platformId === written.platformId)?.receipt).toBe('read');
      await platform.write(thread, 'Well?');
      expect(await host.next()).toMatchObject({ content: 'Well?' });
    });

    it('find out that the message is gone', async () => {
      const { mark } = receipts();
      const { thread } = await conversation(fixture());
      const posted = await fromElsewhere(fixture(), thread);
      await fixture().platform.remove(posted);
      await failed(mark(posted, 'read', call()), 'message_gone');
    });

    it('begin nothing when the signal is aborted already', async () => {
      const { mark } = receipts();
      const { thread } = await conversation(fixture());
      const posted = await fromElsewhere(fixture(), thread);
      await failed(mark(posted, 'read', { signal: AbortSignal.abort() }), 'unavailable');
      expect((await fixture().platform.messages(thread)).at(-1)?.receipt).toBeUndefined();
    });
  });
};

/** What somebody of the team wrote in another app: what visitors receive and read is the team's. */
const fromElsewhere = ({ bridge, cards }: BridgeFixture, thread: ThreadRef): Promise<MessageRef> => {
  const note = { ...message('from another app'), author: operator };
  const [part] = bridge.render(note, cards.get(thread.threadId) as SessionCard);
  return bridge.post(thread, part as Part, postCall());
};
