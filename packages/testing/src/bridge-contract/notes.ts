import type { EventNote, MessageNote, Note, Quote, SessionCard } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import {
  type BridgeContract,
  CAPABILITIES,
  call,
  having,
  lacks,
  opened,
  postCall,
  startedBridge,
} from './fixture.js';
import { everyNote, identified, longText, message, privately } from './samples.js';

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

    it('says what it can do as its contract does', () => {
      const { bridge } = fixture();
      const { receipts, catchUp } = bridge;
      expect(receipts !== undefined).toBe(contract.receipts === true);
      expect(catchUp !== undefined).toBe(contract.catchUp === true);
      expect(CAPABILITIES.filter((each) => bridge[each] === undefined)).toEqual(
        CAPABILITIES.filter((each) => lacks(contract, each)),
      );
    });

    it('are rendered, of every kind, and the platform takes each part', async () => {
      const { bridge, platform, cards } = fixture();
      const thread = await opened(fixture());
      const session = cards.get(thread.threadId) as SessionCard;
      for (const note of everyNote(identified({ sessionId: session.sessionId }))) {
        const parts = bridge.render(note, session);
        for (const part of parts) await bridge.post(thread, part, postCall());
        const messages = note.kind === 'message' ? [note] : note.kind === 'messages' ? note.messages : [];
        if (messages.length === 0) continue;
        expect(parts).toHaveLength(contract.apart ? messages.length : 1);
        const seen = (await platform.messages(thread)).slice(-parts.length).map(({ text }) => text);
        for (const { content } of messages) expect(seen.join('\n')).toContain(content);
      }
    });

    it('that are private are told from answers at a glance, with markup and without, alone and among others', () => {
      const { bridge } = fixture();
      const session = identified();
      const { audience: _, ...answer } = privately('between us');
      const rendered = (note: Note) =>
        bridge
          .render(note, session)
          .filter(({ plain }) => plain.includes('between us'))
          .map(({ markup, plain }) => [markup, plain]);
      const among = (note: MessageNote): Note => ({ kind: 'messages', messages: [message('one'), note] });
      const recalled = (quote: Quote): Note => ({ kind: 'recap', messages: [quote] });
      const quoting = (quote: Quote): Note => ({ ...message('yes'), replyTo: { ...quote, native: false } });
      for (const shown of [(note: MessageNote): Note => note, among, recalled, quoting]) {
        const [secret, open] = [rendered(shown(privately('between us'))), rendered(shown(answer))];
        expect(secret).toHaveLength(1);
        const [[markup, plain]] = secret as [string[]];
        expect(markup).not.toBe(open[0]?.[0]);
        expect(plain).not.toBe(open[0]?.[1]);
      }
    });

    it('tell of an event in one post: its name, how often, what it carries as JSON, and the session', () => {
      const { bridge } = fixture();
      const session = identified();
      const told = (change: Partial<EventNote>) => {
        const note: EventNote = {
          kind: 'event',
          name: 'clicked',
          sessionId: session.sessionId,
          at: 0,
          ...change,
        };
        const parts = bridge.render(note, session);
        expect(parts).toHaveLength(1);
        return parts[0]?.plain ?? '';
      };
      const one = told({ name: 'clicked_pricing', data: { plan: 'pro', seats: 3 } });
      for (const shown of ['⚡', 'clicked_pricing', '"plan": "pro"', '"seats": 3', session.sessionId]) {
        expect(one).toContain(shown);
      }
      expect(one).not.toContain('×');
      expect(told({ count: 12 })).toContain('clicked ×12');
      const largest = told({
        name: '🛒'.repeat(32),
        data: { text: longText(4000), list: Array(50).fill('*`_') },
      });
      expect(largest).toContain('…');
      expect(largest).toContain(session.sessionId);
    });

    if (contract.sendOnly) return;

    if (!lacks(contract, 'typing')) {
      it('stand beside the sign that somebody types', async () => {
        const { bridge, platform } = fixture();
        const thread = await opened(fixture());
        await having(bridge, 'typing').show(thread, call());
        expect((await platform.thread(thread))?.typing).toBe(true);
      });
    }
  });
};
