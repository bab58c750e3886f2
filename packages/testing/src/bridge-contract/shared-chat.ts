import type { SessionCard } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { type BridgeContract, call, opened, postCall, startedBridge } from './fixture.js';
import { everyNote, identified } from './samples.js';

/** Where all conversations share one chat. */
export const describeSharedChat = (contract: BridgeContract): void => {
  describe('a chat that conversations share', () => {
    const fixture = startedBridge(contract);

    it('has nothing to close, and no titles', () => {
      const { bridge } = fixture();
      expect(bridge.threadless).toBe(true);
      expect(bridge.closing).toBeUndefined();
      expect(bridge.titles).toBeUndefined();
    });

    it('gives each session a thread, always the same, and shows nothing of it', async () => {
      const { bridge, platform, cards } = fixture();
      const one = await opened(fixture());
      const other = await opened(fixture());
      expect(other.chatId).toBe(one.chatId);
      expect(other.threadId).not.toBe(one.threadId);
      expect(await bridge.open(cards.get(one.threadId) as SessionCard, call())).toEqual(one);
      expect(await platform.messages(one)).toEqual([]);
      expect(await platform.threads()).toEqual([]);
    });

    it.each([false, true])(
      'says in every post whose conversation it belongs to; plainly: %s',
      async (plain) => {
        const { bridge, platform } = fixture();
        const headings = new Set<string | undefined>();
        for (const thread of [await opened(fixture()), await opened(fixture())]) {
          const session = identified({ sessionId: thread.threadId });
          let posts = 0;
          for (const note of everyNote(session)) {
            for (const part of bridge.render(note, session)) {
              await bridge.post(thread, part, postCall({ plain }));
              const seen = await platform.messages(thread);
              expect(seen).toHaveLength(++posts);
              expect(seen.at(-1)?.heading).toContain('Ada Lovelace');
            }
          }
          headings.add((await platform.messages(thread)).at(-1)?.heading);
        }
        expect(headings.size).toBe(2);
      },
    );
  });
};
