import type { Bridge, Inbound, InboundMessage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { failed } from './failed.js';
import { type BridgeContract, call, conversation, said, startedBridge } from './fixture.js';

/** What was said while nobody listened, for platforms that can be asked for it. */
export const describeCatchUp = (contract: BridgeContract): void => {
  describe('catching up', () => {
    const fixture = startedBridge(contract);
    const catchUp = () => fixture().bridge.catchUp as NonNullable<Bridge['catchUp']>;
    const missedSince = async (after: number, asked: NonNullable<Bridge['catchUp']>): Promise<Inbound[]> => {
      const missed: Inbound[] = [];
      for await (const inbound of asked.since(after, call())) if (inbound) missed.push(inbound);
      return missed;
    };
    const ofPeople = (missed: readonly Inbound[]) =>
      missed.filter((inbound): inbound is InboundMessage => inbound.kind === 'message');

    it('brings what people said, oldest first in each thread, as they would have been heard, and nothing of its own', async () => {
      const asked = catchUp();
      const { bridge, host, platform } = fixture();
      const one = await conversation(fixture());
      const other = await conversation(fixture());
      const before = Date.now() - 1;
      await bridge.stop();
      await said(fixture(), one.thread, 'from the website');
      const first = await platform.write(one.thread, 'Hello <b>you</b> & *all*');
      await platform.write(other.thread, 'second');
      await platform.write(one.thread, 'third', { replyTo: first });
      await platform.write(one.thread, `${bridge.commandPrefix}close  now `);
      await bridge.start(host);
      const missed = await missedSince(before, asked);
      const isOther = ({ content }: InboundMessage) => content === 'second';
      expect(ofPeople(missed).filter(isOther)).toHaveLength(1);
      const inOne = missed.filter((inbound) => inbound.kind !== 'message' || !isOther(inbound));
      expect(inOne).toMatchObject([
        { kind: 'message', content: 'Hello <b>you</b> & *all*', operator: platform.operator },
        { kind: 'message', content: 'third' },
        { kind: 'command', name: 'close', args: contract.obeys ? '' : 'now' },
      ]);
      const { chatId, threadId } = one.thread;
      expect(inOne[0]?.ref).toMatchObject({ chatId, threadId, platformId: first.platformId });
      if (!contract.quotes) expect(inOne[1]).toMatchObject({ replyTo: { platformId: first.platformId } });
      for (const { at } of missed) expect(at).toBeGreaterThanOrEqual(before - 60_000);
    });

    it('names what it brings like what it heard, so that a repetition is known', async () => {
      const asked = catchUp();
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const before = Date.now() - 1;
      await platform.write(thread, 'heard');
      const heard = (await host.next()) as InboundMessage;
      const [again] = ofPeople(await missedSince(before, asked));
      expect(again).toMatchObject({ content: 'heard', ref: heard.ref, operator: heard.operator });
      expect(again?.version).toBe(heard.version);
    });

    it('brings the latest text of what was changed, and nothing of what was deleted', async () => {
      const asked = catchUp();
      const { bridge, host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const before = Date.now() - 1;
      await bridge.stop();
      const changed = await platform.write(thread, 'frist');
      await platform.edit(changed, 'first');
      await platform.remove(await platform.write(thread, 'never mind'));
      await bridge.start(host);
      const missed = await missedSince(before, asked);
      expect(missed.filter(({ kind }) => kind !== 'delete')).toMatchObject([
        { content: 'first', ref: { platformId: changed.platformId } },
      ]);
    });

    it('brings more than fits into one answer of a platform', async () => {
      const asked = catchUp();
      const { bridge, host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const before = Date.now() - 1;
      await bridge.stop();
      const texts = Array.from({ length: 220 }, (_, number) => `number ${number}`);
      for (const text of texts) await platform.write(thread, text);
      await bridge.start(host);
      expect(ofPeople(await missedSince(before, asked)).map(({ content }) => content)).toEqual(texts);
    }, 60_000);

    it('brings nothing from before, and nothing when nothing was said', async () => {
      const asked = catchUp();
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      await platform.write(thread, 'long ago');
      await host.next();
      expect(await missedSince(Date.now() + 2000, asked)).toEqual([]);
    });

    it('ends when its signal is aborted', async () => {
      const asked = catchUp();
      await conversation(fixture());
      const missed = asked.since(0, { signal: AbortSignal.abort() })[Symbol.asyncIterator]();
      await failed(missed.next(), 'unavailable');
    });
  });
};
