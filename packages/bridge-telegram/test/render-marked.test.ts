import type { Actor, MessageNote, Note, SessionCard } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LENGTH } from '../src/limits.js';
import { Marks } from '../src/mark.js';
import { renderMarked } from '../src/render-marked.js';
import { readHtml } from './html.js';

const SESSION = 'sess_01kfgabcde0123456789abcdefghjk7q3fz';
const mark = new Marks({ botToken: '1:secret', botId: 1 }).of(SESSION, 'acme_bot');
const everything = { showUrl: true, showMetadata: true };
const card: SessionCard = {
  sessionId: SESSION,
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing', pageTitle: 'Pricing' },
  identity: { name: 'Anna & Co', email: 'anna@acme.example', verified: true },
};
const stranger: SessionCard = { ...card, metadata: {} };
delete (stranger as { identity?: unknown }).identity;
const visitor: Actor = { kind: 'visitor', id: 'vis_1' };
const bob: Actor = { kind: 'operator', id: '1', name: 'Bob', via: 'support-discord' };
const message = (more: Partial<MessageNote> = {}): MessageNote => ({
  kind: 'message',
  author: visitor,
  content: 'Do you ship to Poland?',
  at: 0,
  edited: false,
  ...more,
});
const plainOf = (note: Note, whose = card) =>
  renderMarked(note, whose, everything, mark).map(({ plain }) => plain.replace(mark.line, ' ▪'));

describe('a post among those of other conversations', () => {
  it('begins with a sign that leads to its conversation, and with whose it is', () => {
    const [part, ...others] = renderMarked(message(), card, everything, mark);
    expect(others).toEqual([]);
    expect(part?.markup).toBe(
      `<a href="${mark.link}">👤</a> <b>Anna &amp; Co</b> #c7q3fz\nDo you ship to Poland?`,
    );
    expect(part?.plain).toBe(`👤 Anna & Co #c7q3fz\nDo you ship to Poland?${mark.line}`);
  });

  it.each<[string, Note, string]>([
    ['a message', message(), '👤 Anna & Co #c7q3fz\nDo you ship to Poland? ▪'],
    [
      'a reply',
      message({ replyTo: { author: bob, content: 'Which?', native: false } }),
      '👤 Anna & Co #c7q3fz\nBob: Which?\nDo you ship to Poland? ▪',
    ],
    [
      'an operator’s message',
      message({ author: bob, content: 'Yes' }),
      '💬 Bob via support-discord → Anna & Co #c7q3fz\nYes ▪',
    ],
    [
      'a private note',
      message({ author: bob, content: 'Careful', audience: 'team' }),
      '📝 Private note by Bob via support-discord → Anna & Co #c7q3fz\nCareful ▪',
    ],
    [
      'the AI’s',
      message({ author: { kind: 'ai', id: 'x' }, content: 'Yes' }),
      '🤖 AI → Anna & Co #c7q3fz\nYes ▪',
    ],
    [
      'several of the visitor’s',
      { kind: 'messages', messages: [message(), message({ content: 'Hello?' })] },
      '👤 Anna & Co #c7q3fz\nDo you ship to Poland?\n\nHello? ▪',
    ],
    [
      'several of several',
      { kind: 'messages', messages: [message(), message({ author: bob, content: 'Yes' })] },
      '👤 Anna & Co #c7q3fz\n👤 Visitor\nDo you ship to Poland?\n\n💬 Bob via support-discord\nYes ▪',
    ],
    [
      'the card',
      { kind: 'card', card },
      '🆕 Anna & Co #c7q3fz\nanna@acme.example · ✅ verified\n📄 Pricing\nhttps://acme.example/pricing ▪',
    ],
    ['a card with little on it', { kind: 'card', card: stranger }, '🆕 Visitor ab12 #c7q3fz ▪'],
    [
      'an identity',
      { kind: 'identity', card },
      '🪪 Anna & Co #c7q3fz\nThe visitor says who they are\nanna@acme.example · ✅ verified ▪',
    ],
    ['closing', { kind: 'closed', by: bob }, '🔒 Anna & Co #c7q3fz\nClosed by Bob ▪'],
    ['reopening', { kind: 'reopened', by: visitor }, '🔓 Anna & Co #c7q3fz\nReopened by Visitor ▪'],
    [
      'a departure',
      { kind: 'departure' },
      '👋 Anna & Co #c7q3fz\nThe visitor ended the conversation. Replies no longer reach them. ▪',
    ],
    [
      'a recap',
      { kind: 'recap', messages: [{ author: visitor, content: 'Hi' }] },
      '📜 Anna & Co #c7q3fz\nWhat was said before\nVisitor: Hi ▪',
    ],
    ['a notice', { kind: 'notice', text: 'Oh' }, 'ℹ️ Anna & Co #c7q3fz\nOh ▪'],
  ])('looks like this: %s', (_, note, plain) => {
    expect(plainOf(note)).toEqual([plain]);
  });

  it('keeps its tag when the visitor tells a name', () => {
    expect(plainOf(message(), stranger)[0]).toMatch(/^👤 Visitor ab12 #c7q3fz\n/);
  });

  it('has room for everything that is not the message: however long, in every part', () => {
    const room = MESSAGE_LENGTH - '👤 Anna & Co #c7q3fz\n'.length - mark.line.length;
    expect(plainOf(message({ content: 'x'.repeat(room) }))).toHaveLength(1);
    const parts = plainOf(message({ content: `${'x'.repeat(room)}y` }));
    expect(parts).toEqual([
      expect.stringMatching(/^👤 Anna & Co #c7q3fz\nx+ ▪$/),
      '👤 Anna & Co #c7q3fz\ny ▪',
    ]);
  });

  it('is whole whatever strangers write', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('<', '&', '"', '@', '/', 'a', ' ', '\n', '😀'), maxLength: 9000 }),
    );
    fc.assert(
      fc.property(text, text, text, (name, url, content) => {
        const whose = { ...card, identity: { name, verified: false }, metadata: { url } };
        for (const note of [message({ content }), { kind: 'card', card: whose } as const]) {
          for (const { markup, plain } of renderMarked(note, whose, everything, mark)) {
            expect(plain.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
            expect(plain.endsWith(mark.line)).toBe(true);
            expect(markup.startsWith(`<a href="${mark.link}">`)).toBe(true);
            expect(readHtml(markup).trimEnd()).toBe(plain.slice(0, -mark.line.length));
          }
        }
      }),
    );
  });
});
