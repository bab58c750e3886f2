import type { SessionCard } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { type BridgeContract, call, opened, postCall, startedBridge } from './fixture.js';
import { everyNote, identified } from './samples.js';

export const describeNotes = (contract: BridgeContract): void => {
  describe('notes', () => {
    const fixture = startedBridge(contract);

    it('has a name that storage can keep', () => {
      const { name, connection, siblings = [] } = fixture().bridge;
      for (const each of [name, ...siblings.map((sibling) => sibling.name)]) {
        expect(each).toMatch(/^[a-z0-9][a-z0-9-]{0,31}$/);
      }
      for (const sibling of siblings) expect(sibling.connection).toBe(connection);
    });

    it('are rendered, of every kind, and the platform takes each part', async () => {
      const { bridge, platform, cards } = fixture();
      const thread = await opened(fixture());
      const session = cards.get(thread.threadId) as SessionCard;
      for (const note of everyNote(identified({ sessionId: session.sessionId }))) {
        const parts = bridge.render(note, session);
        for (const part of parts) await bridge.post(thread, part, postCall());
        const messages = note.kind === 'message' ? [note] : note.kind === 'messages' ? note.messages : [];
        for (const { content } of messages) {
          expect(parts).toHaveLength(1);
          expect((await platform.messages(thread)).at(-1)?.text).toContain(content);
        }
      }
    });

    it('stand beside the sign that somebody types', async (context) => {
      const { bridge, platform } = fixture();
      if (!bridge.typing) return context.skip('this platform does not show typing');
      const thread = await opened(fixture());
      await bridge.typing.show(thread, call());
      expect((await platform.thread(thread))?.typing).toBe(true);
    });
  });
};
