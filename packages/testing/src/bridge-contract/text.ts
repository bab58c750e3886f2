import { describe, expect, it } from 'vitest';
import { type BridgeContract, opened, postCall, said, startedBridge } from './fixture.js';
import { card, dense, hostileTexts, longText, message } from './samples.js';

export const describeText = (contract: BridgeContract): void => {
  describe('text', () => {
    const fixture = startedBridge(contract);

    it.each(hostileTexts)('shows %s literally', async (_, text) => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      await said(fixture(), thread, text);
      const seen = (await platform.messages(thread)).at(-1)?.text ?? '';
      expect(withoutTurns(seen)).toContain(withoutTurns(text));
    });

    it.each(hostileTexts)('shows %s literally without markup', async (_, text) => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      await said(fixture(), thread, text, { plain: true });
      const seen = (await platform.messages(thread)).at(-1)?.text ?? '';
      expect(withoutTurns(seen)).toContain(withoutTurns(text));
    });

    it('shows a card full of hostile text', async () => {
      const { bridge, platform, cards } = fixture();
      const thread = await opened(fixture());
      for (const [, text] of hostileTexts) {
        const note = card({
          ...cards.get(thread.threadId),
          metadata: { url: `https://x.example/${text}`, pageTitle: text, userAgent: text, language: text },
          identity: { id: text, name: text, verified: false },
        });
        const parts = bridge.render({ kind: 'card', card: note }, note);
        expect(parts.length === 0).toBe(contract.ownCards === true);
        for (const part of parts) await bridge.post(thread, part, postCall());
      }
      if (!contract.ownCards) expect((await platform.messages(thread)).length).toBeGreaterThan(0);
    });

    it.each([4000, 20_000])('splits %i characters without losing one', async (length) => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      const text = longText(length);
      await said(fixture(), thread, text);
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours).map((each) => each.text);
      expect(dense(seen.join(''))).toContain(dense(text));
      for (const part of seen) expect(part).not.toMatch(/\p{Cs}/u);
    });

    it('splits markup characters and a text without spaces as well', async () => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      const text = '<&*_`['.repeat(1500);
      await said(fixture(), thread, text);
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours).map((each) => each.text);
      expect(dense(seen.join(''))).toContain(text);
    });

    it('renders the same note the same way', () => {
      const { bridge } = fixture();
      const note = message(longText(9000));
      expect(bridge.render(note, card())).toEqual(bridge.render(note, card()));
    });
  });
};

/** Some platforms take away what turns directions. */
const withoutTurns = (text: string): string => text.replace(/[\u202a-\u202e]/g, '');
