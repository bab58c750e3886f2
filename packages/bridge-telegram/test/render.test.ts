import type { Actor, MessageNote, Note, SessionCard } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LENGTH } from '../src/limits.js';
import { render } from '../src/render.js';
import { readHtml } from './html.js';

const everything = { showUrl: true, showMetadata: true };
const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: {
    url: 'https://acme.example/pricing?plan=pro',
    pageTitle: 'Pricing <Acme>',
    referrer: 'https://search.example/',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    language: 'en-GB',
    timezone: 'Europe/Vienna',
    screenResolution: '1920x1080',
    ip: '203.0.113.7',
  },
  identity: {
    id: 'u-7',
    name: 'Anna & Co',
    email: 'anna@acme.example',
    metadata: { plan: 'pro', seats: 3, trial: false, note: null },
    verified: true,
  },
};
const visitor: Actor = { kind: 'visitor', id: 'vis_1' };
const bob: Actor = { kind: 'operator', id: '1', name: 'Bob <b>', via: 'support-discord' };

const markupOf = (note: Note, shown = everything) =>
  render(note, shown)
    .map(({ markup }) => markup)
    .join('\n—\n');
const message = (more: Partial<Extract<Note, { kind: 'message' }>>): Note => ({
  kind: 'message',
  author: visitor,
  content: 'Hello <world>',
  at: 0,
  edited: false,
  ...more,
});

describe('the session card', () => {
  it('tells who writes, from where, and with what', () => {
    expect(markupOf({ kind: 'card', card })).toBe(
      [
        '👤 <b>Anna &amp; Co</b> · anna@acme.example · ✅ verified',
        '📄 Pricing &lt;Acme&gt;',
        'https://acme.example/pricing?plan=pro',
        '↩️ From https://search.example/',
        '💻 Chrome 126 on macOS · 1920x1080',
        '🌍 en-GB · Europe/Vienna',
        '📍 203.0.113.7',
        'User id: u-7',
        'plan: pro',
        'seats: 3',
        'trial: false',
        '🆔 <code>sess_1</code>',
      ].join('\n'),
    );
  });

  it('hides the page when told to', () => {
    const markup = markupOf({ kind: 'card', card }, { ...everything, showUrl: false });
    expect(markup).not.toMatch(/acme\.example\/|Pricing|search/);
    expect(markup).toContain('Chrome');
  });

  it('hides what the visitor uses and what the site knows when told to', () => {
    const markup = markupOf({ kind: 'card', card }, { ...everything, showMetadata: false });
    expect(markup).toContain('https://acme.example/pricing');
    expect(markup).not.toMatch(/Chrome|Vienna|203\.0\.113\.7|plan: |u-7|search/);
  });

  it('is short when little is known', () => {
    const bare: SessionCard = { sessionId: 'sess_1', visitorId: 'vis_0000ab12', startedAt: 0, metadata: {} };
    expect(markupOf({ kind: 'card', card: bare })).toBe('👤 <b>Visitor ab12</b>\n🆔 <code>sess_1</code>');
  });

  it('says when nobody vouches for an identity', () => {
    const claimed = { ...card, identity: { name: 'The Boss', verified: false } };
    expect(markupOf({ kind: 'card', card: claimed })).toContain('<b>The Boss</b> · unverified');
  });

  it('fits in one message however much the browser tells', () => {
    const long = 'x'.repeat(5000);
    const big: SessionCard = {
      ...card,
      metadata: { url: long, pageTitle: long, referrer: long, userAgent: long },
    };
    expect(render({ kind: 'card', card: big }, everything)).toHaveLength(1);
  });
});

describe('a message', () => {
  it('of the visitor is its text and nothing else', () => {
    expect(markupOf(message({}))).toBe('Hello &lt;world&gt;');
    expect(render(message({}), everything)[0]?.plain).toBe('Hello <world>');
  });

  it('of somebody else names them and where they wrote', () => {
    expect(markupOf(message({ author: bob }))).toBe(
      '💬 <b>Bob &lt;b&gt;</b> via support-discord\nHello &lt;world&gt;',
    );
    expect(markupOf(message({ author: { kind: 'ai', id: 'x' } }))).toBe('🤖 <b>AI</b>\nHello &lt;world&gt;');
  });

  it('to the team only says so first, wherever it is shown', () => {
    const note = { ...message({ author: bob, audience: 'team' }), kind: 'message' } as MessageNote;
    const heading = '📝 <i>Private note</i> by <b>Bob &lt;b&gt;</b>';
    expect(markupOf(note)).toBe(`${heading} via support-discord\nHello &lt;world&gt;`);
    expect(markupOf({ kind: 'messages', messages: [message({}) as MessageNote, note] })).toContain(
      `\n\n${heading}`,
    );
    expect(markupOf({ kind: 'recap', messages: [note] })).toContain(`\n${heading}: Hello`);
    expect(markupOf(message({ replyTo: { ...note, native: false } }))).toContain('📝 Private note by <b>Bob');
  });

  it('quotes what it answers, unless it is posted as a native reply', () => {
    const replyTo = { author: bob, content: 'Which\ncity?', native: false };
    expect(markupOf(message({ replyTo }))).toBe(
      '<blockquote><b>Bob &lt;b&gt;: </b>Which\ncity?</blockquote>\nHello &lt;world&gt;',
    );
    expect(markupOf(message({ replyTo: { ...replyTo, native: true } }))).toBe('Hello &lt;world&gt;');
  });

  it('quotes the beginning of a long one', () => {
    const replyTo = { author: visitor, content: 'word '.repeat(500), native: false };
    expect(markupOf(message({ replyTo })).length).toBeLessThan(400);
  });

  it('in which nothing can be seen is said to be so, since Telegram refuses it', () => {
    expect(markupOf(message({ content: '\u200b\u2800' }))).toBe('<i>(nothing visible)</i>');
  });

  it.each([
    ['letters', 'x'],
    ['what is escaped', '&'],
    ['mentions', '@a_'],
    ['emoji of two code units', '😀'],
    ['emoji of many', '👩🏽‍🚀'],
  ])('of the greatest length is one post, and of one character more it is two: %s', (_, unit) => {
    const most = unit.repeat(Math.floor(MESSAGE_LENGTH / unit.length)).padEnd(MESSAGE_LENGTH, 'y');
    expect(render(message({ content: most }), everything)).toEqual([
      { markup: expect.any(String), plain: most },
    ]);
    const parts = render(message({ content: `${most}z` }), everything);
    expect(parts).toHaveLength(2);
    expect(parts.map(({ plain }) => plain).join('')).toBe(`${most}z`);
    for (const { plain, markup } of parts) {
      expect(plain.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
      expect(plain).not.toMatch(/\p{Surrogate}/u);
      expect(readHtml(markup)).toBe(plain);
    }
  });

  it.each(['&', '<', '😀', '👩🏽‍🚀', '@anna_k'])('is never cut inside of %s', (unit) => {
    for (let before = MESSAGE_LENGTH - unit.length - 1; before <= MESSAGE_LENGTH; before++) {
      const parts = render(message({ content: `${'x'.repeat(before)}${unit}${'y'.repeat(20)}` }), everything);
      expect(parts).toHaveLength(2);
      // A mention may be cut in two, for it is only letters to whoever reads it.
      if (!unit.startsWith('@')) expect(parts.some(({ plain }) => plain.includes(unit))).toBe(true);
      for (const { markup, plain } of parts) expect(readHtml(markup)).toBe(plain);
    }
  });

  it('shares a post with others, below each other, and says who speaks where it is not the visitor alone', () => {
    const [first, second] = [message({ content: 'one' }), message({ content: 'two\n<2>' })] as MessageNote[];
    const [answer] = [message({ author: bob, content: 'yes' })] as MessageNote[];
    const markup = (...messages: (MessageNote | undefined)[]) =>
      markupOf({ kind: 'messages', messages: messages as MessageNote[] });
    expect(markup(first, second)).toBe('one\n\ntwo\n&lt;2&gt;');
    expect(markup(first, answer)).toBe(
      '👤 <b>Visitor</b>\none\n\n💬 <b>Bob &lt;b&gt;</b> via support-discord\nyes',
    );
  });
});

const clicked = { kind: 'event', name: 'clicked <b>', sessionId: 'sess_1', at: 0 } as const;

describe('other notes', () => {
  it.each<[Note, string]>([
    [{ kind: 'closed', by: bob }, '🔒 Closed by <b>Bob &lt;b&gt;</b>'],
    [{ kind: 'reopened', by: visitor }, '🔓 Reopened by <b>Visitor</b>'],
    [{ kind: 'departure' }, '👋 The visitor ended the conversation. Replies no longer reach them.'],
    [{ kind: 'notice', text: 'a < b' }, 'ℹ️ a &lt; b'],
    [{ ...clicked, count: 3 }, '⚡ <b>clicked &lt;b&gt;</b> ×3\n🆔 <code>sess_1</code>'],
    [
      { ...clicked, data: { '</pre>': '/close #x' } },
      '⚡ <b>clicked &lt;b&gt;</b>\n<pre>{\n  &quot;&lt;/pre&gt;&quot;: &quot;/close #x&quot;\n}</pre>\n🆔 <code>sess_1</code>',
    ],
    [
      {
        kind: 'recap',
        messages: [
          { author: visitor, content: 'Hi' },
          { author: bob, content: 'Hello' },
        ],
      },
      '📜 <b>What was said before</b>\n<b>Visitor</b>: Hi\n<b>Bob &lt;b&gt;</b>: Hello',
    ],
  ])('%o', (note, markup) => {
    expect(markupOf(note)).toBe(markup);
  });

  it('tell who the visitor is', () => {
    expect(markupOf({ kind: 'identity', card }, { showUrl: true, showMetadata: false })).toBe(
      '🪪 <i>The visitor says who they are</i>\n👤 <b>Anna &amp; Co</b> · anna@acme.example · ✅ verified',
    );
  });
});

it('renders whatever strangers write: balanced, escaped, within the limit, never blank', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', '@', '/', 'a', ' ', '\n', '\ud800'),
      maxLength: 9000,
    }),
  );
  const actor = fc.record(
    {
      kind: fc.constantFrom('visitor', 'operator', 'ai', 'system', 'apiKey'),
      id: text,
      name: text,
      via: text,
    },
    { requiredKeys: ['kind', 'id'] },
  ) as fc.Arbitrary<Actor>;
  const anyCard = fc.record({
    sessionId: fc.constant('sess_1'),
    visitorId: fc.constant('vis_1'),
    startedAt: fc.constant(0),
    metadata: fc.record({ url: text, pageTitle: text, userAgent: text, language: text }),
    identity: fc.record({
      name: text,
      email: text,
      metadata: fc.dictionary(text, text),
      verified: fc.boolean(),
    }),
  });
  const note = fc.oneof(
    fc.record({ kind: fc.constant('card'), card: anyCard }),
    fc.record({ kind: fc.constant('identity'), card: anyCard }),
    fc.record({
      kind: fc.constant('message'),
      author: actor,
      content: text,
      at: fc.constant(0),
      edited: fc.boolean(),
      replyTo: fc.record({ author: actor, content: text, native: fc.boolean() }),
    }),
    fc.record({
      kind: fc.constant('recap'),
      messages: fc.array(fc.record({ author: actor, content: text })),
    }),
    fc.record({ kind: fc.constant('notice'), text }),
  ) as fc.Arbitrary<Note>;
  fc.assert(
    fc.property(note, (given) => {
      const parts = render(given, everything);
      expect(parts.length).toBeGreaterThan(0);
      for (const { markup, plain } of parts) {
        expect(plain.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
        expect(plain.trim()).not.toBe('');
        expect(readHtml(markup)).toBe(plain);
      }
    }),
  );
});
